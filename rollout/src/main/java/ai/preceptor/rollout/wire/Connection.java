package ai.preceptor.rollout.wire;

import ai.preceptor.data.OutputException;
import ai.preceptor.rollout.cluster.SecureSocket;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.message.RemoteFailureException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection between learner and worker; both sides send requests and answer them. Two threads of its own read and write,
 * including encryption and encoding; only values reach the context, in order of arrival. When it ends, pending requests
 * fail at once.
 */
public final class Connection {
    /** Concurrent requests that the peer may make. */
    static final int MAX_REQUESTS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int BUFFER = 1 << 16;
    /** For flushing what is still to be sent. */
    private static final long CLOSE_TIMEOUT_MILLIS = 2000;

    private static final Outgoing END = new Outgoing(false, 0, ActorMessage.Ready.READY);

    private final SecureSocket socket;
    private final Context context;
    private final Service service;
    private final BlockingQueue<Outgoing> outbox = new LinkedBlockingQueue<>();
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger requests = new AtomicInteger();
    private final Promise<Void> ended = Promise.promise();
    private final Thread writer;
    /** Used by the reading thread only. */
    private boolean refused;
    /** Used by the writing thread only, for parts of files. */
    private byte[] part = {};

    private volatile @Nullable String why;

    private Connection(SecureSocket socket, Context context, Service service) {
        this.socket = socket;
        this.context = context;
        this.service = service;
        this.writer = thread("writes to ", this::write);
    }

    /** Handles the peer's requests, on the connection's context. */
    public interface Service {
        /** Longest request of the peer, in bytes; a longer one ends the connection before it is read. */
        default int longestRequest() {
            return WireFormat.LONGEST;
        }

        /**
         * Handles a request.
         *
         * @return its outcome; a failed future is sent as a failure. A {@link FileRange} is read when it is sent
         */
        Future<? extends Outcome<?>> answer(Connection from, ActorMessage<?> request);

        /** The peer sent a request that cannot be read, such as one of another version; called once, on the reading thread. */
        default void unreadable() {}

        /** The connection has ended; called once. */
        void ended(Connection connection, String why);
    }

    /**
     * A request that is not answered yet.
     *
     * @param into for plain bytes; null if the answer is a message
     */
    private record Waiting(Promise<Outcome<?>> promise, byte @Nullable [] into) {}

    /** A message to be sent. */
    private record Outgoing(boolean asks, long number, Object message) {}

    /** Starts reading and writing. */
    public static Connection open(SecureSocket socket, Context context, Service service) {
        Connection connection = new Connection(socket, context, service);
        connection.writer.start();
        connection.thread("reads from ", connection::read).start();
        return connection;
    }

    private Thread thread(String does, Runnable what) {
        Thread thread = new Thread(what, "cluster " + does + socket.raw().getRemoteSocketAddress());
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Sends a request.
     *
     * @return its outcome, on the context; fails with a {@link ReplyException} after the deadline, with a {@link
     *     RemoteFailureException} when the connection ends or, caused by a {@link WireException}, the answer cannot be decoded, with
     *     a {@link WireException} if the request cannot be encoded
     */
    public <R> Future<Outcome<R>> ask(ActorMessage<R> request, Duration deadline) {
        return ask(request, null, deadline);
    }

    /**
     * Sends a request that a {@link FileRange} answers.
     *
     * @param into gets its bytes; to be left alone until the answer is there, and never used again if there is none
     * @return how many bytes these are; fails like {@link #ask}, and ends the connection if there are more than fit
     */
    public Future<Outcome<ActorMessage.Fetched>> askInto(
            ActorMessage<ActorMessage.Fetched> request, byte[] into, Duration deadline) {
        return ask(request, into, deadline);
    }

    @SuppressWarnings("unchecked") // the result's type is checked where it is used
    private <R> Future<Outcome<R>> ask(ActorMessage<R> request, byte @Nullable [] into, Duration deadline) {
        long number = numbers.incrementAndGet();
        Promise<Outcome<?>> promise = Promise.promise();
        waiting.put(number, new Waiting(promise, into));
        long timer = context.owner().setTimer(Math.max(1, deadline.toMillis()), late -> {
            String text = "no answer within " + deadline.toMillis() + " ms";
            fail(number, new ReplyException(ReplyFailure.TIMEOUT, text));
        });
        outbox.add(new Outgoing(true, number, request));
        String end = why;
        if (end != null) { // it has ended meanwhile
            fail(number, new RemoteFailureException(end));
        }
        return promise.future()
                .onComplete(done -> context.owner().cancelTimer(timer))
                .map(outcome -> (Outcome<R>) outcome);
    }

    private void onContext(Runnable what) {
        try {
            context.runOnContext(none -> what.run());
        } catch (RejectedExecutionException e) {
            LOG.debug("this process closes", e);
        }
    }

    private void fail(long number, RuntimeException cause) {
        Waiting request = waiting.remove(number);
        if (request != null) {
            onContext(() -> request.promise().tryFail(cause));
        }
    }

    private void read() {
        try {
            DataInputStream in = new DataInputStream(
                    new BufferedInputStream(socket.encrypted().getInputStream(), BUFFER));
            while (true) {
                WireFrame.Head head = WireFrame.Head.read(in);
                if (head.asks() && head.length() > service.longestRequest()) {
                    throw new IOException(
                            "a request of " + head.length() + " bytes, legal: at most " + service.longestRequest());
                }
                if (head.isData()) {
                    receiveData(head, in);
                } else {
                    receive(head.message(in));
                }
            }
        } catch (EOFException e) {
            end("its connection broke");
        } catch (IOException e) {
            end("its connection broke: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("{}", Thread.currentThread().getName(), e);
            end("its connection was closed: " + e);
        }
    }

    private void receive(WireFrame frame) throws IOException {
        if (!frame.asks()) {
            Waiting asked = waiting.remove(frame.number());
            if (asked != null) { // else it is too late
                answered(asked.promise(), frame);
            }
            return;
        }
        if (requests.incrementAndGet() > MAX_REQUESTS) {
            throw new IOException("more than " + MAX_REQUESTS + " concurrent requests");
        }
        ActorMessage<?> request;
        try {
            if (!(WireFormat.decode(Buffer.buffer(frame.message())) instanceof ActorMessage<?> received)) {
                throw new WireException("message: expected a request");
            }
            request = received;
        } catch (WireException e) {
            if (!refused) { // log it once
                refused = true;
                LOG.warn("{}: refused: {}", socket.host(), e.getMessage());
                service.unreadable();
            }
            answer(frame.number(), failed(e));
            return;
        }
        onContext(() -> serve(frame.number(), request));
    }

    private void receiveData(WireFrame.Head head, DataInputStream in) throws IOException {
        Waiting asked = waiting.remove(head.number());
        if (asked == null) { // too late
            in.skipNBytes(head.length());
            return;
        }
        byte[] into = asked.into();
        try {
            if (into == null || head.length() > into.length) {
                throw new IOException("message: " + head.length() + " plain bytes, legal: at most "
                        + (into == null ? 0 : into.length));
            }
            in.readFully(into, 0, head.length());
            onContext(
                    () -> asked.promise().tryComplete(new Outcome.Done<>(new ActorMessage.Fetched(head.length()), 0)));
        } catch (IOException e) {
            onContext(() -> asked.promise().tryFail(new RemoteFailureException("its connection broke")));
            throw e;
        }
    }

    private void answered(Promise<Outcome<?>> promise, WireFrame frame) {
        try {
            if (!(WireFormat.decode(Buffer.buffer(frame.message())) instanceof Outcome<?> outcome)) {
                throw new WireException("message: expected an outcome");
            }
            onContext(() -> promise.tryComplete(outcome));
        } catch (WireException e) {
            onContext(() ->
                    promise.tryFail(new RemoteFailureException("its answer cannot be read: " + e.getMessage(), e)));
        }
    }

    private void serve(long number, ActorMessage<?> request) {
        Future<? extends Outcome<?>> outcome;
        try {
            outcome = service.answer(this, request);
        } catch (RuntimeException e) {
            outcome = Future.failedFuture(e);
        }
        outcome.onComplete(done -> answer(number, done.succeeded() ? done.result() : failed(done.cause())));
    }

    private static Outcome<?> failed(Throwable cause) {
        return Outcome.failed(FailureKind.THREW, cause);
    }

    private void answer(long number, Outcome<?> outcome) {
        requests.decrementAndGet();
        outbox.add(new Outgoing(false, number, outcome));
    }

    private void write() {
        try {
            DataOutputStream out = new DataOutputStream(
                    new BufferedOutputStream(socket.encrypted().getOutputStream(), BUFFER));
            while (true) {
                Outgoing next = outbox.poll();
                if (next == null) {
                    out.flush();
                    next = outbox.take();
                }
                if (next.equals(END)) {
                    out.flush();
                    socket.raw().shutdownOutput();
                    return;
                }
                write(next, out);
            }
        } catch (IOException e) {
            end("its connection broke: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it has ended
        } catch (RuntimeException | Error e) {
            LOG.error("{}", Thread.currentThread().getName(), e);
            end("its connection was closed: " + e);
        }
    }

    private void write(Outgoing next, DataOutputStream out) throws IOException {
        if (next.message() instanceof Outcome.Done<?> done && done.result() instanceof FileRange range) {
            write(next.number(), range, out);
            return;
        }
        byte[] bytes;
        try {
            bytes = WireFormat.encode(next.message()).getBytes();
        } catch (WireException e) {
            if (next.asks()) {
                fail(next.number(), e);
                return;
            }
            bytes = WireFormat.encode(failed(e)).getBytes();
        }
        new WireFrame(next.asks(), next.number(), bytes).write(out);
    }

    private void write(long number, FileRange range, DataOutputStream out) throws IOException {
        if (part.length < range.length()) {
            part = new byte[range.length()];
        }
        try {
            range.read(part);
        } catch (IOException e) {
            Outcome<?> failed = failed(new OutputException(range.file(), "cannot be read: " + e.getMessage(), e));
            new WireFrame(false, number, WireFormat.encode(failed).getBytes()).write(out);
            return;
        }
        WireFrame.Head.data(range.length(), number).write(out);
        out.write(part, 0, range.length());
    }

    /** Flushes for two seconds at most, then ends. Does not wait. */
    public void close() {
        outbox.add(END);
        context.owner().setTimer(CLOSE_TIMEOUT_MILLIS, late -> end("closed"));
    }

    /** Completes when it has ended. */
    public Future<Void> ended() {
        return ended.future();
    }

    /** Ends it now; pending requests fail. */
    public void end(String reason) {
        synchronized (this) {
            if (why != null) {
                return;
            }
            why = reason;
        }
        try {
            socket.raw().close();
        } catch (IOException e) {
            LOG.debug("while closing", e);
        }
        writer.interrupt();
        for (Long number : waiting.keySet()) {
            fail(number, new RemoteFailureException(reason));
        }
        onContext(() -> {
            service.ended(this, reason);
            ended.tryComplete();
        });
    }
}
