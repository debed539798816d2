package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Prompt;
import java.util.HashMap;
import java.util.Map;

/** A ledger that lives as long as the test. */
final class MemoryLedger implements Ledger {
    private final Map<Key, Elicited> records = new HashMap<>();

    private record Key(Prompt prompt, int occurrence) {}

    @Override
    public Elicited find(Prompt prompt, int occurrence) {
        return records.get(new Key(prompt, occurrence));
    }

    @Override
    public void add(int occurrence, Elicited elicited) {
        records.put(new Key(elicited.prompt(), occurrence), elicited);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
