package ai.preceptor.teacher.curate;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the perplexity of texts: exp of minus the mean log-probability of their tokens, 1 or more. */
@FunctionalInterface
public interface Perplexity {
    /**
     * Perplexities.
     *
     * @return one a passage, in order; NaN where it cannot be told
     */
    double[] of(List<Passage> passages);

    /**
     * A text whose tokens count.
     *
     * @param prompt what it answers, or null for a text by itself
     * @param text in the prompt's form
     */
    record Passage(@Nullable Prompt prompt, Text text) {}
}
