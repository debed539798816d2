package ai.preceptor.serve;

import ai.preceptor.http.OwnHost;
import ai.preceptor.serve.request.ApiException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rejects ambiguous requests and those of unauthorized senders, before anything else of them is read. */
record RequestGuard(ServeOptions options) {
    private static final Pattern AUTHORITY =
            Pattern.compile("(?<name>\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._~-]+)(:[0-9]{0,5})?");
    /** A target as clients of proxies send it: with the name of the server. */
    private static final Pattern ABSOLUTE = Pattern.compile(
            "https?://(?<authority>[^/?]*)(?<path>/[^?]*)?.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Needs no key: those who watch over a server ask whether it is well. */
    private static final String OPEN_PATH = "/health";

    private static final int HEXADECIMAL = 16;

    /**
     * Checks target and host.
     *
     * @throws ApiException with what is wrong
     */
    void check(HttpServerRequest request) {
        if (request.uri()
                .contains("#")) { // no client sends the part behind it, and servers differ on where the path ends
            throw ApiException.request(
                    400, "invalid_path", "path: expected one without #, found \"" + request.uri() + "\"");
        }
        Matcher absolute = ABSOLUTE.matcher(request.uri());
        String path = absolute.matches() ? absolute.group("path") : request.path();
        if (path == null || !path.startsWith("/")) {
            throw ApiException.request(
                    400, "invalid_path", "path: expected one that begins with /, found \"" + request.uri() + "\"");
        }
        decode(path);
        checkHosts(request, absolute.matches() ? absolute.group("authority") : null);
    }

    /**
     * Passes a request on if it shows the key or needs none. It looks at the path by which the router chooses a route: with
     * another one, a request could be taken for one that needs no key.
     *
     * @throws ApiException if it does not
     */
    void requireKey(RoutingContext one) {
        if (!one.normalizedPath().equals(OPEN_PATH)
                && !options.key().admits(one.request().getHeader("authorization"))) {
            throw ApiException.request(
                    401,
                    "invalid_api_key",
                    "authorization: expected \"Bearer KEY\" with this server's key, found another one or none");
        }
        one.next();
    }

    /**
     * A path, or a part of one, without its escapes.
     *
     * @throws ApiException if an escape is not {@code %} and two hexadecimal digits, or the bytes are not UTF-8
     */
    static String decode(String path) {
        ByteBuffer bytes = ByteBuffer.allocate(path.length() * 3);
        int i = 0;
        while (i < path.length()) {
            int end = path.indexOf('%', i);
            bytes.put(path.substring(i, end < 0 ? path.length() : end).getBytes(StandardCharsets.UTF_8));
            if (end < 0) {
                break;
            }
            int high = end + 1 < path.length() ? Character.digit(path.charAt(end + 1), HEXADECIMAL) : -1;
            int low = end + 2 < path.length() ? Character.digit(path.charAt(end + 2), HEXADECIMAL) : -1;
            if (high < 0 || low < 0) {
                throw badPath(path);
            }
            bytes.put((byte) (high * HEXADECIMAL + low));
            i = end + 3;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw badPath(path);
        }
    }

    private static ApiException badPath(String path) {
        return ApiException.request(
                400,
                "invalid_path",
                "path: expected UTF-8 with escapes of % and two hexadecimal digits, found \"" + path + "\"");
    }

    /** @param named by the target, which counts more than the header but must not contradict it */
    private void checkHosts(HttpServerRequest request, @Nullable String named) {
        List<String> hosts = request.headers().getAll("host");
        // one more, and a server behind us or a proxy before us may take the other; HTTP/1.0 knows none
        if (hosts.size() > 1 || (hosts.isEmpty() && request.version() != HttpVersion.HTTP_1_0)) {
            throw ApiException.request(
                    400, "invalid_host", "host: expected one such header, found " + hosts.size() + " of them");
        }
        checkHost(hosts.isEmpty() ? "" : hosts.get(0), hosts.isEmpty());
        if (named != null) {
            checkHost(named, false);
        }
    }

    private void checkHost(String authority, boolean none) {
        Matcher parts = AUTHORITY.matcher(authority);
        if (!none && !parts.matches()) {
            throw ApiException.request(
                    400,
                    "invalid_host",
                    "host: expected a name or an address and perhaps a port, found \"" + authority + "\"");
        }
        String host = none ? "" : parts.group("name").toLowerCase(Locale.ROOT);
        if (!options.key().isAsked() && !new OwnHost(options.host()).isName(host)) {
            throw ApiException.request(
                    403,
                    "foreign_host",
                    "host: expected a loopback host, since no key is configured, found \"" + host + "\"");
        }
    }
}
