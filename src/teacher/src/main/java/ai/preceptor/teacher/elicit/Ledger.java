package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Prompt;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps what a teacher was asked and answered, so that no one pays twice. */
public interface Ledger extends AutoCloseable {

    /**
     * What was recorded of a prompt.
     *
     * @param prompt the prompt, its columns included
     * @param occurrence how many equal prompts stand before it in the list, from 0
     * @return the last record, or null
     */
    @Nullable
    Elicited find(Prompt prompt, int occurrence);

    /** Records; a later record of the same prompt and occurrence replaces an earlier one. */
    void add(int occurrence, Elicited elicited);

    /** Makes sure that all records survive a crash; called before any of them is used. */
    void flush();

    @Override
    void close();

    /** A ledger that lives as long as the process. */
    static Ledger inMemory() {
        return new Ledger() {
            private final Map<Key, Elicited> records = new HashMap<>();

            @Override
            public @Nullable Elicited find(Prompt prompt, int occurrence) {
                return records.get(new Key(prompt, occurrence));
            }

            @Override
            public void add(int occurrence, Elicited elicited) {
                records.put(new Key(elicited.prompt(), occurrence), elicited);
            }

            @Override
            public void flush() {
                // nothing outlives the process
            }

            @Override
            public void close() {
                records.clear();
            }

            record Key(Prompt prompt, int occurrence) {}
        };
    }
}
