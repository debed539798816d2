package ai.preceptor.train;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request to stop soon. The loop asks between micro-batches; asked to stop, it saves a checkpoint and throws
 * {@link ai.preceptor.data.InterruptedRunException}.
 */
public final class Interrupt {
    private static final int INTERRUPTED = 130;

    /** Those that ask a process to end. One that the parent had ignored ({@code nohup}) stays so: Java leaves it alone. */
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private static final String HANGUP = "HUP";

    private final AtomicBoolean requested = new AtomicBoolean();

    /** Whether one came that a person sends. */
    private final AtomicBoolean urged = new AtomicBoolean();

    private final Object lock = new Object();

    /** What else a request does, such as waking who waits; guarded by the lock. */
    private Runnable also = () -> {};

    /** Asks for a stop; from any thread. */
    public void request() {
        synchronized (lock) {
            requested.set(true);
            also.run();
        }
    }

    /**
     * Has a request do {@code action} too, on its thread, in place of what was set before, which no request does from now
     * on; immediately if there was one. The action must not block.
     */
    public void onRequest(Runnable action) {
        synchronized (lock) {
            also = action;
            if (requested.get()) {
                action.run();
            }
        }
    }

    /** Has a request interrupt this thread, in place of what was set before; immediately if there was one. */
    public void interruptThread() {
        onRequest(Thread.currentThread()::interrupt);
    }

    /** Ends {@link #interruptThread}. The thread is not interrupted any more, even if a request came. */
    public void leaveThread() {
        onRequest(() -> {});
        Thread.interrupted(); // the request may have come after the last wait
    }

    /** Whether a stop was asked for. */
    public boolean isRequested() {
        return requested.get();
    }

    /**
     * Until {@link #onSignals} is asked for, lets the same signals end the process immediately with exit code 130:
     * nothing is to be saved yet. For the one place that owns the process.
     */
    public static void endProcessOnSignals() {
        SIGNALS.forEach(signal -> handle(signal, () -> Runtime.getRuntime().exit(INTERRUPTED)));
    }

    /**
     * An interrupt that Ctrl-C, a termination signal or a closed terminal requests. The second Ctrl-C or termination signal
     * ends the process immediately with exit code 130: what was saved before is still there. Not so a second hangup, since
     * a terminal that closes may send several, with a termination signal among them. For the one place that owns the
     * process.
     */
    public static Interrupt onSignals() {
        Interrupt interrupt = new Interrupt();
        SIGNALS.forEach(signal -> handle(signal, () -> interrupt.signalled(signal)));
        return interrupt;
    }

    /** Not a constant: setting up the logging takes 0.2 s, for which a command that only prints need not wait. */
    private static Logger log() {
        return LoggerFactory.getLogger(Interrupt.class);
    }

    void signalled(String signal) {
        if (!signal.equals(HANGUP) && !urged.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        log().warn("SIG{}: stopping, and saving the state; a second one stops immediately", signal);
        request();
    }

    /**
     * By reflection: the only door to signals, {@code sun.misc.Signal} of {@code jdk.unsupported}, cannot be compiled
     * against without a warning. A shutdown hook would not do, since the second signal is then never seen.
     */
    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object listener = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            Object instance = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, instance, listener);
        } catch (ReflectiveOperationException e) {
            Throwable cause = e instanceof InvocationTargetException wrapped ? wrapped.getCause() : e;
            if (name.equals(HANGUP) && cause instanceof IllegalArgumentException) {
                log().debug("no SIGHUP on this system", cause);
                return;
            }
            log().warn(
                            "SIG{} cannot be caught here ({}); it will stop the run immediately",
                            name,
                            String.valueOf(cause));
        }
    }
}
