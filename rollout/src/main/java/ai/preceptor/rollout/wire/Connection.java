package ai.preceptor.rollout.wire;

import ai.preceptor.rollout.cluster.SecureSocket;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Failure;
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
 * Between learner and worker: both ask, both answer. Two threads of its own read and write, and encrypt, encode and decode too;
 * only values reach the context, in the order in which they came. When it ends, whatever was asked fails at once.
 */
public final class Connection {
    /** Questions of the other side that may wait for answers. */
    static final int MOST_QUESTIONS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int BUFFER = 1 << 16;
    /** To send what is still to be sent. */
    private static final long FAREWELL_MILLIS = 2000;

    private static final Sent END = new Sent(false, 0, ActorMessage.Ready.READY);

    private final SecureSocket socket;
    private final Context context;
    private final Service service;
    private final BlockingQueue<Sent> outbox = new LinkedBlockingQueue<>();
    private final Map<Long, Promise<Outcome<?>>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger questions = new AtomicInteger();
    private final Promise<Void> ended = Promise.promise();
    private final Thread writer;
    /** The reading thread's own. */
    private boolean refused;

    private volatile @Nullable String why;

    private Connection(SecureSocket socket, Context context, Service service) {
        this.socket = socket;
        this.context = context;
        this.service = service;
        this.writer = thread("writes to ", this::write);
    }

    /** What happens on a connection; on its context. */
    public interface Service {
        /**
         * The other side asks.
         *
         * @return what comes of it; a failure is answered as one too
         */
        Future<? extends Outcome<?>> answer(Connection from, ActorMessage<?> order);

        /** It has ended; called once. */
        void ended(Connection connection, String why);
    }

    /** A message on its way out. */
    private record Sent(boolean asks, long number, Object message) {}

    /** Begins to read and write. */
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
     * Asks.
     *
     * @return what comes of it, on the context; fails with a {@link ReplyException} after the deadline, with a {@link
     *     RemoteFailureException} when the connection ends, with a {@link WireException} if the message cannot be sent or its
     *     answer is none
     */
    @SuppressWarnings("unchecked") // what an order is answered with is checked where it is used
    public <R> Future<Outcome<R>> ask(ActorMessage<R> order, Duration deadline) {
        long number = numbers.incrementAndGet();
        Promise<Outcome<?>> promise = Promise.promise();
        waiting.put(number, promise);
        long timer = context.owner().setTimer(Math.max(1, deadline.toMillis()), late -> {
            String text = "no answer within " + deadline.toMillis() + " ms";
            fail(number, new ReplyException(ReplyFailure.TIMEOUT, text));
        });
        outbox.add(new Sent(true, number, order));
        String end = why;
        if (end != null) { // it ended before, or just now
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
        Promise<Outcome<?>> promise = waiting.remove(number);
        if (promise != null) {
            onContext(() -> promise.tryFail(cause));
        }
    }

    private void read() {
        try {
            DataInputStream in = new DataInputStream(
                    new BufferedInputStream(socket.encrypted().getInputStream(), BUFFER));
            while (true) {
                receive(Frame.read(in));
            }
        } catch (EOFException e) {
            end("its connection broke");
        } catch (IOException e) {
            end("its connection broke: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("{}", Thread.currentThread().getName(), e);
            end("its connection was given up: " + e);
        }
    }

    private void receive(Frame frame) throws IOException {
        if (!frame.asks()) {
            Promise<Outcome<?>> promise = waiting.remove(frame.number());
            if (promise != null) { // else it comes too late
                answered(promise, frame);
            }
            return;
        }
        if (questions.incrementAndGet() > MOST_QUESTIONS) {
            throw new IOException("more than " + MOST_QUESTIONS + " questions at once");
        }
        ActorMessage<?> order;
        try {
            if (!(WireFormat.decode(Buffer.buffer(frame.message())) instanceof ActorMessage<?> question)) {
                throw new WireException("message: expected an order");
            }
            order = question;
        } catch (WireException e) {
            if (!refused) { // once is enough for a log
                refused = true;
                LOG.warn("{}: refused: {}", socket.host(), e.getMessage());
            }
            answer(frame.number(), failed(e));
            return;
        }
        onContext(() -> serve(frame.number(), order));
    }

    private void answered(Promise<Outcome<?>> promise, Frame frame) {
        try {
            if (!(WireFormat.decode(Buffer.buffer(frame.message())) instanceof Outcome<?> outcome)) {
                throw new WireException("message: expected an outcome");
            }
            onContext(() -> promise.tryComplete(outcome));
        } catch (WireException e) {
            onContext(() -> promise.tryFail(e));
        }
    }

    private void serve(long number, ActorMessage<?> order) {
        Future<? extends Outcome<?>> outcome;
        try {
            outcome = service.answer(this, order);
        } catch (RuntimeException e) {
            outcome = Future.failedFuture(e);
        }
        outcome.onComplete(done -> answer(number, done.succeeded() ? done.result() : failed(done.cause())));
    }

    private static Outcome<?> failed(Throwable cause) {
        return new Outcome.Failed<>(new Failure(FailureKind.THREW, cause));
    }

    private void answer(long number, Outcome<?> outcome) {
        questions.decrementAndGet();
        outbox.add(new Sent(false, number, outcome));
    }

    private void write() {
        try {
            DataOutputStream out = new DataOutputStream(
                    new BufferedOutputStream(socket.encrypted().getOutputStream(), BUFFER));
            while (true) {
                Sent next = outbox.poll();
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
            end("its connection was given up: " + e);
        }
    }

    private void write(Sent next, DataOutputStream out) throws IOException {
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
        new Frame(next.asks(), next.number(), bytes).write(out);
    }

    /** Sends what is still to be sent, for two seconds at most, then ends. Does not wait. */
    public void close() {
        outbox.add(END);
        context.owner().setTimer(FAREWELL_MILLIS, late -> end("closed"));
    }

    /** Complete when it has ended. */
    public Future<Void> ended() {
        return ended.future();
    }

    /** Ends it now; whatever was asked fails. */
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
