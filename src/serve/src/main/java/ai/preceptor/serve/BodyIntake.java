package ai.preceptor.serve;

import ai.preceptor.serve.request.ApiException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Collects request bodies within limits. A body that is not whole takes no room among the requests, only its bytes;
 * those of all of them are bounded, and so is the time of each. On the event loop.
 */
final class BodyIntake {
    /** Bodies of the greatest length that fit in what all may take together. */
    private static final int MOST_WHOLE = 16;

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final double MILLIS = 1000;

    private final int maxBody;
    private final long timeoutMillis;
    private final Set<Body> open = new LinkedHashSet<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    BodyIntake(RequestLimits limits) {
        this.maxBody = limits.maxBodyBytes();
        this.timeoutMillis =
                Math.max(1, Math.min(LONGEST.toMillis(), limits.timeLimit().toMillis()));
    }

    /** Bodies that are not whole. */
    AtomicInteger count() {
        return count;
    }

    /** Their bytes that are here. */
    AtomicLong bytes() {
        return bytes;
    }

    /** Bytes that bodies may take: those that are not whole together, and those that wait to be read. */
    static long mostBytes(int maxBody) {
        return (long) MOST_WHOLE * maxBody;
    }

    /**
     * Collects the body of a request whose head has just come; what goes wrong fails the request.
     *
     * @param whole is given the body; not called where the request fails or its client leaves
     */
    void collect(RoutingContext one, Consumer<byte[]> whole) {
        HttpServerRequest request = one.request();
        String length = request.getHeader("content-length");
        if (length != null && !length.equals("0") && isBeyond(length)) {
            throw tooLarge();
        }
        String expected = request.getHeader("expect");
        if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
            throw ApiException.request(
                    417, "expectation_failed", "expect: expected 100-continue, found \"" + expected + "\"");
        }
        new Body(one, whole).begin();
        if (expected != null) {
            request.response().writeContinue();
        }
    }

    /** Ends all that are not whole. */
    void refuseAll(ApiException problem) {
        List.copyOf(open).forEach(body -> body.refuse(problem));
    }

    /** The parser has seen that it is a number. */
    private boolean isBeyond(String length) {
        return length.length() > 18 || Long.parseLong(length.strip()) > maxBody;
    }

    private ApiException tooLarge() {
        return ApiException.request(413, "body_too_large", "body: expected at most " + maxBody + " bytes, found more");
    }

    private void makeRoom() {
        while (bytes.get() > mostBytes(maxBody)) {
            open.iterator()
                    .next()
                    .refuse(ApiException.bodiesFull("body: expected at most " + mostBytes(maxBody)
                            + " bytes of incomplete bodies, found more, of which this is the oldest"));
        }
    }

    /** One that is coming. */
    private final class Body {
        private final RoutingContext one;
        private final Consumer<byte[]> whole;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream(0);
        private long timer;

        Body(RoutingContext one, Consumer<byte[]> whole) {
            this.one = one;
            this.whole = whole;
        }

        void begin() {
            open.add(this);
            count.set(open.size());
            timer = one.vertx()
                    .setTimer(
                            timeoutMillis,
                            late -> refuse(ApiException.request(
                                    408,
                                    "body_timeout",
                                    "body: expected all of it within " + timeoutMillis / MILLIS + " s")));
            one.request()
                    .handler(this::came)
                    .endHandler(end -> {
                        if (leave()) {
                            whole.accept(held.toByteArray());
                        }
                    })
                    .exceptionHandler(broken -> leave()); // closed already, also where chunks have no legal form
            one.addEndHandler(end -> leave());
        }

        private void came(Buffer part) {
            if (held.size() + part.length() > maxBody) {
                refuse(tooLarge());
                return;
            }
            held.writeBytes(part.getBytes());
            bytes.addAndGet(part.length());
            makeRoom();
        }

        private void refuse(ApiException problem) {
            if (leave()) {
                one.fail(problem);
            }
        }

        /** @return whether it was still coming */
        private boolean leave() {
            if (!open.remove(this)) {
                return false;
            }
            one.vertx().cancelTimer(timer);
            bytes.addAndGet(-held.size());
            count.set(open.size());
            return true;
        }
    }
}
