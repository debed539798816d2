package ai.preceptor.train;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request to stop soon. The loop asks between micro-batches; asked to stop, it saves a checkpoint and throws
 * {@link ai.preceptor.data.InterruptedRunException}.
 */
public final class Interrupt {

    private static final Logger LOG = LoggerFactory.getLogger(Interrupt.class);
    private static final int INTERRUPTED = 130;

    private final AtomicBoolean requested = new AtomicBoolean();

    /** Asks for a stop; from any thread. */
    public void request() {
        requested.set(true);
    }

    public boolean isRequested() {
        return requested.get();
    }

    /**
     * An interrupt that Ctrl-C or a termination signal requests. The second one ends the process at once with exit code
     * 130: what was saved before is still there. For the one place that owns the process.
     */
    public static Interrupt onSignals() {
        Interrupt interrupt = new Interrupt();
        for (String signal : new String[] {"INT", "TERM"}) {
            interrupt.handle(signal);
        }
        return interrupt;
    }

    void signalled(String signal) {
        if (!requested.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        LOG.warn("SIG{}: stopping in order, with what is done saved; once more to stop at once", signal);
    }

    /**
     * By reflection: the only door to signals, {@code sun.misc.Signal} of {@code jdk.unsupported}, cannot be compiled
     * against without a warning. A shutdown hook would not do, since the second signal is then never seen.
     */
    private void handle(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object listener = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
                        if (method.getName().equals("handle")) {
                            signalled(name);
                        }
                        return null;
                    });
            Object instance = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, instance, listener);
        } catch (ReflectiveOperationException e) {
            Throwable cause = e instanceof InvocationTargetException wrapped ? wrapped.getCause() : e;
            LOG.warn("SIG{} cannot be caught here ({}); it will stop the run at once", name, String.valueOf(cause));
        }
    }
}
