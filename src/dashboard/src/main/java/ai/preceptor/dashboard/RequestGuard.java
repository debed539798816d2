package ai.preceptor.dashboard;

import ai.preceptor.http.OwnHost;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Lets in what our own pages ask. The header Host must name this machine's loopback, or another site could point its own name
 * here and read what its page is not meant to. A request that changes something must show the token of this start in a header of
 * its own, which a foreign page can neither read nor send.
 */
final class RequestGuard {
    static final String TOKEN_HEADER = "x-preceptor-token";

    private static final int TOKEN_BYTES = 24;
    private static final String POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'; require-trusted-types-for 'script'";

    private final String token;
    private final OwnHost host;

    /** @param host where the server listens */
    RequestGuard(String host) {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        this.token = HexFormat.of().formatHex(random);
        this.host = new OwnHost(host);
    }

    String token() {
        return token;
    }

    /** Passes a request on, or ends it. */
    void check(RoutingContext one) {
        headers(one.response().headers());
        HttpMethod method = one.request().method();
        String authority = one.request().getHeader("host");
        if (!host.isNamedBy(authority)) {
            Replies.error(one, 421, "host: expected a loopback name such as localhost, found " + authority);
        } else if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            one.next();
        } else if (!method.equals(HttpMethod.POST)) {
            Replies.error(one, 405, "method: expected GET or POST, found " + method);
        } else if (!isSameOrigin(one.request().getHeader("origin"), String.valueOf(authority))
                || !shows(one.request().getHeader(TOKEN_HEADER))) {
            Replies.error(one, 403, "the request does not come from this page; reload it");
        } else {
            one.next();
        }
    }

    private static void headers(MultiMap headers) {
        headers.set("content-security-policy", POLICY)
                .set("x-content-type-options", "nosniff")
                .set("x-frame-options", "DENY")
                .set("referrer-policy", "no-referrer")
                .set("cross-origin-opener-policy", "same-origin")
                .set("cross-origin-resource-policy", "same-origin")
                .set("cache-control", "no-store");
    }

    private static boolean isSameOrigin(@Nullable String origin, String authority) {
        return origin == null || origin.equals("http://" + authority);
    }

    private boolean shows(@Nullable String shown) {
        return shown != null
                && MessageDigest.isEqual(
                        shown.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }
}
