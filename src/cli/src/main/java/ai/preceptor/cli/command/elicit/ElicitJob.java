package ai.preceptor.cli.command.elicit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One kind of {@code elicit}. What can be refused is refused when it is made, before a model loads. */
interface ElicitJob {
    /**
     * The outcome of a job, whose files are written.
     *
     * @param told in one line
     * @param figures for {@code summary.json}
     */
    record Outcome(String told, Map<String, ? extends @Nullable Object> figures) {
        /** Copies the figures. */
        public Outcome {
            figures = new LinkedHashMap<>(figures);
        }
    }

    /** How many prompts or conversations the first model that writes answers together, at most. */
    int together();

    /** Does it. */
    Outcome run(ElicitRun elicit);
}
