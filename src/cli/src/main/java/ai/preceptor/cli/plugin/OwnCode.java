package ai.preceptor.cli.plugin;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/** Tells failures of a user's own code from those of the program: by the class loader that a stack trace's frames name. */
public final class OwnCode {
    private OwnCode() {}

    /**
     * The failure, or the first of what caused it, that passed through a user's own code.
     *
     * @param thrown which it is
     * @param at the innermost place in a user's own code
     */
    private record Own(Throwable thrown, StackTraceElement at) {}

    private static Optional<Own> find(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable one = failure; one != null && seen.add(one); one = one.getCause()) {
            for (StackTraceElement frame : one.getStackTrace()) {
                if (PluginLoader.NAME.equals(frame.getClassLoaderName())) {
                    return Optional.of(new Own(one, frame));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a failure, or what caused it, passed through a user's own code. */
    public static boolean isIn(Throwable failure) {
        return find(failure).isPresent();
    }

    /** The failure in a line: file and line of the user's source, then what was thrown there; else the failure's text. */
    public static String told(Throwable failure) {
        return find(failure).map(own -> told(own.at()) + own.thrown()).orElseGet(failure::toString);
    }

    private static String told(StackTraceElement frame) {
        return frame.getFileName() == null
                ? frame.getClassName() + "." + frame.getMethodName() + ": "
                : frame.getFileName() + ":" + frame.getLineNumber() + ": ";
    }

    /** Closes what a user wrote, whose {@code close} may throw anything. */
    static void close(AutoCloseable own) {
        try {
            own.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("close failed: " + told(e), e);
        }
    }
}
