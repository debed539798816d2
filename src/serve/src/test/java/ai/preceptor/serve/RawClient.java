package ai.preceptor.serve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A connection to a server whose every byte a test chooses. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();

    RawClient(ServedTiny tiny) throws IOException {
        socket.connect(new InetSocketAddress("127.0.0.1", tiny.uri("/").getPort()));
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** A request for an answer with such a body. */
    static String post(String path, String version, String headers, String body) {
        return head(path, version, headers, body.getBytes(StandardCharsets.UTF_8).length) + body;
    }

    /** Its head alone. */
    static String head(String path, String version, String headers, int length) {
        return "POST " + path + " " + version + "\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n" + headers
                + "content-length: " + length + "\r\n\r\n";
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** All that comes until the server closes the connection. */
    String untilClosed() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException reset) {
            all.writeBytes("[reset]".getBytes(StandardCharsets.US_ASCII));
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** All that comes until the server closes the connection or says nothing for so long. */
    String untilSilent(int millis) throws IOException {
        socket.setSoTimeout(millis);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException | SocketTimeoutException end) {
            all.writeBytes("[end]".getBytes(StandardCharsets.US_ASCII));
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** What comes up to and with a text. */
    String until(String end) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (!all.toString(StandardCharsets.UTF_8).endsWith(end)) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new AssertionError("closed after: " + all.toString(StandardCharsets.UTF_8));
            }
            all.write(next);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** Breaks the connection off instead of closing it. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
