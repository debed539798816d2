package ai.preceptor.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * Server-sent events to one client. What a reader is too slow for is held back up to a bound; beyond it the reader is
 * given up, as it is when a write fails. A client of HTTP/1.0, which has no chunks, sees the end by the closing of the
 * connection. On the event loop.
 */
final class EventStream {
    private static final int SOCKET_QUEUE = 64 << 10;
    /** Bytes held back for a slow reader, at most. */
    static final int MOST_HELD = 1 << 20;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Lost lost;
    private final Promise<Void> written = Promise.promise();
    private Buffer held = Buffer.buffer();
    private boolean ending;
    private boolean gone;

    /** Hears once that the reader is given up; the connection is cut then. */
    interface Lost {
        /** @param slow whether it read too slowly; else its connection is broken */
        void lost(boolean slow);
    }

    EventStream(HttpServerRequest request, Lost lost) {
        this.request = request;
        this.response = request.response();
        this.lost = lost;
        response.setWriteQueueMaxSize(SOCKET_QUEUE)
                .setChunked(true)
                .putHeader("content-type", "text/event-stream; charset=utf-8")
                .putHeader("cache-control", "no-cache")
                .putHeader("x-accel-buffering", "no"); // a proxy that collects pieces would undo the streaming
        if (isOld()) { // "keep-alive" would promise a length; it is set when the head is written, so undone then
            response.headersEndHandler(head -> response.headers().set("connection", "close"));
        }
    }

    private boolean isOld() {
        return request.version() == HttpVersion.HTTP_1_0;
    }

    /** Sends the head, so that a client whose turn is late knows that it waits. */
    void open() {
        write(Buffer.buffer());
    }

    void send(JsonNode data) {
        send(data.toString());
    }

    private void send(String data) {
        if (gone) {
            return;
        }
        Buffer event = Buffer.buffer("data: " + data + "\n\n");
        if (held.length() == 0 && !response.writeQueueFull()) {
            write(event);
            return;
        }
        held.appendBuffer(event);
        if (held.length() > MOST_HELD) {
            giveUp(true);
            return;
        }
        response.drainHandler(drained -> flush());
    }

    private void write(Buffer data) {
        response.write(data).onFailure(broken -> giveUp(false));
    }

    private void giveUp(boolean slow) {
        if (!gone) {
            gone = true;
            held = Buffer.buffer();
            lost.lost(slow);
            response.reset();
            written.tryFail("the reader was given up");
        }
    }

    /** Ends after what is held back. @return when all is written */
    Future<Void> end() {
        send("[DONE]");
        return close();
    }

    /** The same without the mark of a whole answer. */
    Future<Void> close() {
        ending = true;
        if (!gone && held.length() == 0) {
            gone = true;
            response.end().onComplete(end -> {
                if (isOld()) {
                    request.connection().close();
                }
                written.handle(end);
            });
        }
        return written.future();
    }

    private void flush() {
        if (gone || held.length() == 0) {
            return;
        }
        Buffer next = held;
        held = Buffer.buffer();
        write(next);
        if (ending) {
            close();
        } else if (response.writeQueueFull()) {
            response.drainHandler(drained -> flush());
        }
    }
}
