package ai.preceptor.vllm;

import ai.preceptor.teacher.served.http.Arrival;
import ai.preceptor.teacher.served.http.CallEndpoint;
import ai.preceptor.teacher.served.http.CallException;
import ai.preceptor.teacher.served.http.CallFailure;
import ai.preceptor.teacher.served.http.ReplyParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One server: its calls, its load, and which weights it has. For any thread. */
final class VllmServer implements ServerCalls {
    private static final String COMPLETIONS = "/v1/completions";
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final String name;
    private final CallEndpoint endpoint;
    private final CallEndpoint asking;
    private final ReplyParser replies;

    /** One thread at a time asks which weights it has, or pushes some. */
    private final Object weights = new Object();

    private final AtomicInteger outstanding = new AtomicInteger();

    /** Pushes so far; an answer that was asked for before the last one may be of other weights. */
    private final AtomicInteger pushes = new AtomicInteger();

    private volatile boolean ready;
    private volatile long nextTry = System.nanoTime();
    private volatile String model = "";
    private volatile long version = UNKNOWN;

    /**
     * A server of which nothing is known yet.
     *
     * @param endpoint for what takes long: answers, and loading weights
     * @param asking for what does not
     */
    VllmServer(String name, CallEndpoint endpoint, CallEndpoint asking, ReplyParser replies) {
        this.name = name;
        this.endpoint = endpoint;
        this.asking = asking;
        this.replies = replies;
    }

    @Override
    public String name() {
        return name;
    }

    /** What is served, as {@code model} in calls. */
    String model() {
        return model;
    }

    /** Sends a call for an answer; never fails. */
    Future<Arrival> complete(Buffer body) {
        return endpoint.post(COMPLETIONS, body);
    }

    /** Sends a call for an answer and waits. */
    JsonNode completed(ObjectNode body) {
        return succeeded(await(complete(Buffer.buffer(body.toString()))), COMPLETIONS);
    }

    @Override
    public JsonNode get(String path) {
        return succeeded(await(asking.get(path)), path);
    }

    @Override
    public JsonNode post(String path, ObjectNode body) {
        return succeeded(await(endpoint.post(path, Buffer.buffer(body.toString()))), path);
    }

    private Arrival await(Future<Arrival> call) {
        try {
            return call.toCompletionStage().toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException(name + ": interrupted while waiting for a reply");
        } catch (ExecutionException e) { // not by a server: a call never fails
            throw new IllegalStateException(name + ": " + e.getMessage(), e);
        }
    }

    private JsonNode succeeded(Arrival arrival, String path) {
        CallException failure = failure(arrival, path);
        if (failure != null) {
            throw failure;
        }
        return ReplyParser.json(arrival.body());
    }

    /** Why a call was not answered; null if it was. */
    @Nullable
    CallException failure(Arrival arrival, String path) {
        String where = name + path + ": ";
        if (arrival.cut() != null) {
            return new CallException(arrival.cut().kind(), where + arrival.cut().what(), false, arrival.retryAfter());
        }
        if (arrival.isSuccess()) {
            return null;
        }
        return new CallException(
                CallFailure.of(arrival.status()),
                where + "status " + arrival.status() + ": "
                        + replies.failure(arrival.body()).problem(),
                false,
                arrival.retryAfter());
    }

    /** As {@link #failure}, of a call for an answer. */
    @Nullable
    CallException failure(Arrival arrival) {
        return failure(arrival, COMPLETIONS);
    }

    /** Calls for answers that run. */
    int outstanding() {
        return outstanding.get();
    }

    /** Takes one of the server's places; false if it is not ready or has none. */
    boolean enter(int places) {
        if (!ready) {
            return false;
        }
        if (outstanding.incrementAndGet() > places) {
            outstanding.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Gives the place back; also on event loops. */
    void leave() {
        outstanding.decrementAndGet();
    }

    /** How often weights were pushed to it. */
    int pushes() {
        return pushes.get();
    }

    boolean isReady() {
        return ready;
    }

    /** Nothing is sent to it before {@link #prepare}. */
    void suspect() {
        ready = false;
    }

    /** Whether it is not ready, and it is time to try again; then the next time is a while later. */
    synchronized boolean isToBeTried(long now, long pause) {
        if (ready || now - nextTry < 0) {
            return false;
        }
        nextTry = now + pause;
        return true;
    }

    /** Whether it still has what was pushed to it. */
    boolean hasWeights(WeightPublication publication) {
        synchronized (weights) {
            return publication.serves(this, model);
        }
    }

    /**
     * Makes it ready: it has these weights already, or gets them.
     *
     * @param newest gives the version that it must have
     * @param pushed what else must succeed once a version is pushed; if it fails, it is pushed again the next time
     * @throws CallException if it does not answer, or refuses
     */
    void prepare(WeightPublication publication, Supplier<PublishedVersion> newest, Consumer<PublishedVersion> pushed) {
        synchronized (weights) {
            PublishedVersion wanted = newest.get(); // here: a newer one may have come while another thread pushed
            if (version != wanted.version() || !publication.serves(this, model)) {
                pushes.incrementAndGet();
                version = UNKNOWN;
                model = publication.push(this, wanted.directory(), wanted.version());
                pushed.accept(wanted);
                version = wanted.version();
            }
            ready = true;
        }
    }
}
