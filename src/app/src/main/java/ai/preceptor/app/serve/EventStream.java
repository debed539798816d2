package ai.preceptor.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * Server-sent events to one reader. What a reader is too slow for is held back up to a bound; beyond it the reader is given
 * up. On the event loop.
 */
final class EventStream {
    private static final int SOCKET_QUEUE = 64 << 10;
    /** Bytes held back for a slow reader, at most. */
    static final int MOST_HELD = 1 << 20;

    private final HttpServerResponse response;
    private final Runnable tooSlow;
    private Buffer held = Buffer.buffer();
    private boolean ending;
    private boolean gone;

    /** @param tooSlow called once when the reader is given up; the connection is cut then */
    EventStream(HttpServerResponse response, Runnable tooSlow) {
        this.response = response;
        this.tooSlow = tooSlow;
        response.setWriteQueueMaxSize(SOCKET_QUEUE)
                .setChunked(true)
                .putHeader("content-type", "text/event-stream; charset=utf-8")
                .putHeader("cache-control", "no-cache")
                .putHeader("x-accel-buffering", "no"); // a proxy that collects pieces would undo the streaming
    }

    /** Sends the head, so that a client whose turn is late knows that it waits. */
    void open() {
        response.writeHead();
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
            response.write(event);
            return;
        }
        held.appendBuffer(event);
        if (held.length() > MOST_HELD) {
            gone = true;
            tooSlow.run();
            response.reset();
            return;
        }
        response.drainHandler(drained -> flush());
    }

    /** Ends after what is held back. */
    void end() {
        send("[DONE]");
        close();
    }

    /** The same without the mark of a whole answer. */
    void close() {
        ending = true;
        if (!gone && held.length() == 0) {
            gone = true;
            response.end();
        }
    }

    private void flush() {
        if (gone || held.length() == 0) {
            return;
        }
        Buffer next = held;
        held = Buffer.buffer();
        response.write(next);
        if (ending) {
            close();
        } else if (response.writeQueueFull()) {
            response.drainHandler(drained -> flush());
        }
    }
}
