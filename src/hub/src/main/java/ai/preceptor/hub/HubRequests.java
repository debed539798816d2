package ai.preceptor.hub;

import ai.preceptor.data.ConfigurationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Requests to the server. Redirects are followed here, so that the token goes to no other origin than the server's.
 */
final class HubRequests {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LARGEST_ANSWER = 64 << 20;
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final int HTTP_OK = 200;
    private static final int HTTP_PARTIAL = 206;
    private static final int HTTP_UNAUTHORIZED = 401;
    private static final int HTTP_FORBIDDEN = 403;
    private static final int HTTP_NOT_FOUND = 404;
    private static final int HTTP_RANGE = 416;

    private final HubSettings settings;
    private final HttpClient client;

    HubRequests(HubSettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.retries().silence())
                .build();
    }

    /** A failure that may be gone the next time. */
    static final class PassingException extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient Duration pause;

        PassingException(String message, Duration pause) {
            super(message);
            this.pause = pause;
        }

        Duration pause() {
            return pause;
        }
    }

    /** One attempt at something. */
    interface Attempt<T> {
        T make() throws IOException;
    }

    /** Makes attempts until one succeeds. */
    <T> T retried(HubName name, Attempt<T> attempt) {
        for (int number = 1; ; number++) {
            try {
                return attempt.make();
            } catch (IOException e) {
                if (number == settings.retries().attempts()) {
                    throw unreachable(name, number, e);
                }
                settings.retries()
                        .pause(number + 1, e instanceof PassingException passing ? passing.pause() : Duration.ZERO);
            }
        }
    }

    HubException unreachable(HubName name, int attempts, IOException last) {
        String reason = last.getMessage() == null ? last.toString() : last.getMessage();
        return new HubException(
                name + ": not known to be whole in the cache " + settings.cache() + ", and " + settings.endpoint()
                        + " cannot be reached ("
                        + attempts + " attempts; the last: " + reason
                        + "). Check the network, or set HF_ENDPOINT to a server that can be reached",
                last);
    }

    /** What a revision holds. */
    RepoListing listing(HubName name) {
        URI uri = URI.create(settings.endpoint() + "/api/" + name.kind().plural() + "/" + name.repo() + "/revision/"
                + encoded(name.revision()));
        return RepoListing.of(name, retried(name, () -> {
            HttpResponse<InputStream> reply = send("GET", uri, 0, name);
            try (InputStream body =
                    new WatchedBody(reply.body(), settings.retries().silence())) {
                byte[] bytes = body.readNBytes(LARGEST_ANSWER + 1);
                if (bytes.length > LARGEST_ANSWER) {
                    throw new HubException(
                            name + ": the server's list of files is larger than " + (LARGEST_ANSWER >> 20) + " MiB");
                }
                return JSON.readTree(bytes);
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new HubException(
                        name + ": " + shown(uri) + " answered with what is not JSON; is HF_ENDPOINT a Hub?", e);
            }
        }));
    }

    /** Digest and size of a file at a commit. */
    RemoteFile head(HubName name, String commit, String file) {
        return retried(name, () -> {
            HttpResponse<InputStream> reply = send("HEAD", resolve(name, commit, file), 0, name);
            reply.body().close();
            BlobDigest digest = reply.headers()
                    .firstValue("X-Linked-Etag")
                    .or(() -> reply.headers().firstValue("ETag"))
                    .flatMap(BlobDigest::ofTag)
                    .orElseThrow(() -> new HubException(name + ": the server gives no digest of " + file
                            + " (ETag or X-Linked-Etag), so that it cannot be checked"));
            Optional<String> size = reply.headers().firstValue("X-Linked-Size");
            boolean redirected = REDIRECTS.contains(reply.statusCode());
            if (size.isEmpty() && !redirected) {
                size = reply.headers().firstValue("Content-Length");
            }
            return new RemoteFile(file, digest, size.map(HubRequests::number).orElse(-1L));
        });
    }

    /** The content of a file from a position; the reply's status says whether it begins there (206) or at 0 (200). */
    HttpResponse<InputStream> content(HubName name, String commit, String file, long from) throws IOException {
        return send("GET", resolve(name, commit, file), from, name);
    }

    private URI resolve(HubName name, String commit, String file) {
        String path =
                Arrays.stream(file.split("/", -1)).map(HubRequests::encoded).collect(Collectors.joining("/"));
        return URI.create(settings.endpoint() + "/" + name.kind().prefix() + name.repo() + "/resolve/" + encoded(commit)
                + "/" + path);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static long number(String digits) {
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
    }

    private HttpResponse<InputStream> send(String method, URI first, long from, HubName name) throws IOException {
        URI uri = first;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> reply = once(method, uri, from);
            int status = reply.statusCode();
            if (!REDIRECTS.contains(status)) {
                return checked(reply, uri, name);
            }
            URI target = target(reply, uri);
            if (method.equals("HEAD") && !isHub(target)) {
                return reply; // of a file that lies elsewhere the redirect itself says digest and size
            }
            reply.body().close();
            uri = target;
        }
        throw new HubException(
                name + ": " + shown(first) + " leads through more than " + MOST_REDIRECTS + " redirects");
    }

    private URI target(HttpResponse<InputStream> reply, URI from) {
        String location = reply.headers().firstValue("Location").orElse("");
        URI target;
        try {
            target = from.resolve(URI.create(location));
        } catch (IllegalArgumentException e) {
            throw new HubException(shown(from) + " redirects to what is not an address", e);
        }
        boolean secure = "https".equals(target.getScheme());
        boolean asBefore = "http".equals(target.getScheme()) && "http".equals(from.getScheme());
        if (target.getHost() == null || !(secure || asBefore)) {
            throw new HubException(shown(from) + " redirects to " + shown(target) + "; expected https");
        }
        return target;
    }

    private HttpResponse<InputStream> once(String method, URI uri, long from) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("User-Agent", "preceptor; java/" + Runtime.version().feature())
                .header("Accept-Encoding", "identity")
                .timeout(settings.retries().silence());
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        HubToken token = settings.token();
        if (token != null && sendsToken(uri)) {
            request.header("Authorization", token.header());
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException("interrupted while waiting for " + shown(uri), e);
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new IOException(shown(uri) + ": " + reason, e);
        }
    }

    private boolean isHub(URI uri) {
        URI hub = settings.endpoint();
        return hub.getScheme().equals(uri.getScheme())
                && hub.getHost().equalsIgnoreCase(uri.getHost())
                && port(hub) == port(uri);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equals(uri.getScheme()) ? 443 : 80;
    }

    /** Nobody between here and there can read the token. */
    private static boolean isPrivate(URI uri) {
        return "https".equals(uri.getScheme()) || uri.getHost().matches("localhost|127\\.[0-9.]+|\\[::1]");
    }

    private HttpResponse<InputStream> checked(HttpResponse<InputStream> reply, URI uri, HubName name)
            throws IOException {
        int status = reply.statusCode();
        if (status == HTTP_OK || status == HTTP_PARTIAL || status == HTTP_RANGE) {
            return reply;
        }
        reply.body().close();
        if (PASSING.contains(status)) {
            long seconds = reply.headers()
                    .firstValue("Retry-After")
                    .map(HubRequests::number)
                    .orElse(0L);
            throw new PassingException(shown(uri) + " answered " + status, Duration.ofSeconds(Math.max(0, seconds)));
        }
        String code = reply.headers().firstValue("X-Error-Code").orElse("");
        if (status == HTTP_UNAUTHORIZED || status == HTTP_FORBIDDEN || status == HTTP_NOT_FOUND) {
            throw new ConfigurationException(refusal(name, status, code, uri));
        }
        throw new HubException(name + ": " + shown(uri) + " answered " + status);
    }

    private String refusal(HubName name, int status, String code, URI uri) {
        String what = name.kind().singular() + " " + name.repo();
        if (code.equals("GatedRepo")) {
            return what + " is gated: accept its license at " + settings.endpoint() + "/"
                    + name.kind().prefix()
                    + name.repo() + ", and set HF_TOKEN to a token of that account"
                    + "; " + ofToken("no token was sent", uri);
        }
        if (code.equals("RevisionNotFound")) {
            return what + " has no revision \"" + name.revision() + "\"";
        }
        if (code.equals("EntryNotFound")) {
            return what + " has no such file";
        }
        if (status == HTTP_NOT_FOUND || status == HTTP_UNAUTHORIZED || code.equals("RepoNotFound")) {
            return settings.endpoint() + " has no " + what + ", or it is private" + "; "
                    + ofToken("for a private one set HF_TOKEN", uri);
        }
        return settings.endpoint() + " refuses access to " + what + " (" + status + ")" + "; "
                + ofToken("set HF_TOKEN", uri);
    }

    private String ofToken(String without, URI uri) {
        if (settings.token() == null) {
            return without;
        }
        if (sendsToken(uri)) {
            return "the token that was sent has no access";
        }
        String origin = uri.getScheme() + "://" + uri.getAuthority();
        return "the token was not sent, because " + origin
                + (isHub(uri) ? " is not https" : " is not " + settings.endpoint());
    }

    /** The token goes to the server only, where nobody on the way can read it. */
    private boolean sendsToken(URI uri) {
        return isHub(uri) && isPrivate(uri);
    }

    /** An address without its query, which may hold a signature. */
    static String shown(URI uri) {
        return String.format(Locale.ROOT, "%s://%s%s", uri.getScheme(), uri.getAuthority(), uri.getPath());
    }
}
