package ai.preceptor.hub;

import ai.preceptor.data.files.Sha256;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A server on loopback that speaks the Hub's paths for one repository, and a second one in the place of its content network, to
 * which files of LFS are redirected.
 */
public final class LoopbackHub implements AutoCloseable {
    /** The only commit. */
    public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final HttpServer hub;
    private final HttpServer network;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String repo;
    private final RepoKind kind;
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    /** Files that LFS stores. */
    private final List<String> large = new CopyOnWriteArrayList<>();
    /** Bytes after which the next reply with a file breaks off, once. */
    final Map<String, Integer> cuts = new ConcurrentHashMap<>();
    /** What is sent in the place of a file. */
    final Map<String, byte[]> damaged = new ConcurrentHashMap<>();
    /** Replies to the next requests, before any other. */
    final List<Integer> failures = new CopyOnWriteArrayList<>();
    /** Whether lists of files stop in their middle, with the connection open. */
    volatile boolean stalled;
    /** METHOD PATH RANGE AUTHORIZATION of each request, of the network with "network " before it. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable String token;
    private volatile String error = "";

    /** Starts both. */
    public LoopbackHub(RepoKind kind, String repo) throws IOException {
        this.kind = kind;
        this.repo = repo;
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        network = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.setExecutor(threads);
        network.setExecutor(threads);
        hub.createContext("/", exchange -> answer(exchange, "", this::asHub));
        network.createContext("/", exchange -> answer(exchange, "network ", this::asNetwork));
        hub.start();
        network.start();
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private void answer(HttpExchange exchange, String prefix, Answer answer) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(prefix + exchange.getRequestMethod() + " "
                + exchange.getRequestURI().getRawPath() + (range == null ? "" : " " + range)
                + (authorization == null ? "" : " " + authorization));
        try (exchange) {
            answer.to(exchange);
        }
    }

    /** A file that git stores. */
    public LoopbackHub with(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** A file that LFS stores. */
    public LoopbackHub withLarge(String path, byte[] content) {
        files.put(path, content);
        large.add(path);
        return this;
    }

    /** Refuses requests without the token. */
    LoopbackHub requireToken(String expected, String code) {
        token = expected;
        error = code;
        return this;
    }

    /** The address of the server. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    private void asHub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String wanted = token;
        if (!failures.isEmpty()) {
            status(exchange, failures.remove(0), "");
        } else if (wanted != null
                && !("Bearer " + wanted).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            status(exchange, 401, error);
        } else if (path.equals("/api/" + kind.plural() + "/" + repo + "/revision/main")
                || path.equals("/api/" + kind.plural() + "/" + repo + "/revision/" + COMMIT)) {
            list(exchange);
        } else if (path.startsWith("/api/" + kind.plural() + "/" + repo + "/revision/")) {
            status(exchange, 404, "RevisionNotFound");
        } else if (path.startsWith("/" + kind.prefix() + repo + "/resolve/" + COMMIT + "/")) {
            file(exchange, path.substring(("/" + kind.prefix() + repo + "/resolve/" + COMMIT + "/").length()));
        } else {
            status(exchange, 404, "RepoNotFound");
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        String siblings = files.keySet().stream()
                .map(file -> "{\"rfilename\": \"" + file.replace("\\", "\\\\") + "\"}")
                .collect(Collectors.joining(", "));
        byte[] json = ("{\"id\": \"" + repo + "\", \"sha\": \"" + COMMIT + "\", \"siblings\": [" + siblings + "]}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, json.length);
        exchange.getResponseBody().write(json, 0, stalled ? json.length / 2 : json.length);
        if (stalled) {
            exchange.getResponseBody().flush();
            awaitClose();
        }
    }

    private void awaitClose() throws IOException {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped on purpose", e);
        }
    }

    private void file(HttpExchange exchange, String file) throws IOException {
        byte[] content = files.get(file);
        if (content == null) {
            status(exchange, 404, "EntryNotFound");
            return;
        }
        exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
        if (large.contains(file)) {
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + Sha256.of(content) + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
            exchange.getResponseHeaders().set("ETag", "\"not-the-digest\"");
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            "http://127.0.0.1:" + network.getAddress().getPort() + "/" + file + "?signature=secret");
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.getResponseHeaders().set("ETag", "\"" + gitDigest(content) + "\"");
            send(exchange, file, content);
        }
    }

    private void asNetwork(HttpExchange exchange) throws IOException {
        String file = exchange.getRequestURI().getPath().substring(1);
        send(exchange, file, files.getOrDefault(file, new byte[0]));
    }

    private void send(HttpExchange exchange, String file, byte[] whole) throws IOException {
        byte[] content = damaged.getOrDefault(file, whole);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        Integer cut = cuts.remove(file);
        OutputStream out = exchange.getResponseBody();
        out.write(content, from, cut == null ? content.length - from : cut);
        if (cut != null) {
            out.flush();
            throw new IOException("cut on purpose");
        }
    }

    private static void status(HttpExchange exchange, int status, String code) throws IOException {
        if (!code.isEmpty()) {
            exchange.getResponseHeaders().set("X-Error-Code", code);
        }
        exchange.sendResponseHeaders(status, -1);
    }

    /** Git's digest of a blob. */
    static String gitDigest(byte[] content) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(sha1.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        hub.stop(0);
        network.stop(0);
        threads.shutdownNow();
    }
}
