package ai.preceptor.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A server on the loopback that looks like an OpenAI-compatible teacher and fails as configured: it speaks through bare
 * sockets, so it can reset, stall and lie.
 */
public final class TeacherServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Function<Call, ServedReply> script;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();

    /**
     * A call that came.
     *
     * @param number of the call, from 0
     * @param line of the request
     * @param headers by their names in lower case
     * @param body as JSON
     */
    public record Call(int number, String line, Map<String, String> headers, JsonNode body) {
        /** The last message's content. */
        public String question() {
            JsonNode messages = body.path("messages");
            return messages.path(messages.size() - 1).path("content").asText();
        }
    }

    private TeacherServer(ServerSocket socket, Function<Call, ServedReply> script) {
        this.socket = socket;
        this.script = script;
    }

    /** Starts one; the script says what each call meets, on several threads. */
    public static TeacherServer start(Function<Call, ServedReply> script) {
        try {
            TeacherServer server =
                    new TeacherServer(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), script);
            thread(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is: {@code http://127.0.0.1:PORT/v1}. */
    public String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/v1";
    }

    /** Calls that came, in their order. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** Most concurrent calls. */
    public int peak() {
        return peak.get();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connection.setTcpNoDelay(true);
                open.add(connection);
                thread(() -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (String line = line(in); !line.isEmpty() && !connection.isClosed(); line = line(in)) {
                answer(connection, call(line, in));
                if (connection.isClosed()) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // the client went away, or the server closes: as in life
        } finally {
            open.remove(connection);
        }
    }

    private void answer(Socket connection, Call call) throws IOException, InterruptedException {
        calls.add(call);
        peak.accumulateAndGet(busy.incrementAndGet(), Math::max);
        try {
            script.apply(call).to(connection);
        } finally {
            busy.decrementAndGet();
        }
    }

    private Call call(String line, InputStream in) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        JsonNode body = new ObjectMapper().readTree(in.readNBytes(length));
        return new Call(numbers.getAndIncrement(), line, headers, body);
    }

    /** A line without its end; empty at the end of the stream. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                .stripTrailing();
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "teacher-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
