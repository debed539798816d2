package ai.preceptor.serve;

import ai.preceptor.serve.request.BodyReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;

/** A reader of bodies that takes until a test lets it go on, with those that say {@link #WORD}. */
final class HeldReader implements UnaryOperator<BodyReader> {
    static final String WORD = "held-here";
    private static final int ALL = 1 << 30;

    /** Held bodies that were begun. */
    final List<String> begun = new CopyOnWriteArrayList<>();

    /** Held bodies whose reading was ended because nobody waits for them. */
    final List<String> dropped = new CopyOnWriteArrayList<>();

    private final Semaphore parts = new Semaphore(0);

    /** Lets all go on. */
    void free() {
        parts.release(ALL);
    }

    @Override
    public BodyReader apply(BodyReader reader) {
        return (kind, body, between) -> {
            String text = new String(body, StandardCharsets.UTF_8);
            if (text.contains(WORD)) {
                begun.add(text);
                hold(text, between);
            }
            return reader.read(kind, body, between);
        };
    }

    private void hold(String text, Runnable between) {
        while (!parts.tryAcquire()) {
            try {
                between.run();
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } catch (RuntimeException ended) {
                dropped.add(text);
                throw ended;
            }
        }
    }
}
