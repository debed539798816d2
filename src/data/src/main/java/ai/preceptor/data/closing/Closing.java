package ai.preceptor.data.closing;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Closes several things. */
public final class Closing {
    private Closing() {}

    /**
     * Closes all, also where closing one fails.
     *
     * @param close closes one of them
     * @throws RuntimeException the first failure, with the others suppressed
     */
    public static <T> void all(Iterable<T> things, Consumer<? super T> close) {
        @Nullable RuntimeException failure = null;
        for (T thing : things) {
            try {
                close.accept(thing);
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
