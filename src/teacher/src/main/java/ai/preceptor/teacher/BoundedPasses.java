package ai.preceptor.teacher;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Reads the log-probabilities of any number of answers from a model in passes of bounded size. Answers to the same
 * prompt that follow each other share its rows.
 *
 * <p>A pass takes as many answers as fit; one that is too large for any pass goes alone, since nothing is truncated.
 * What lies in a pass beside an answer changes its numbers by no more than rounding.
 */
public final class BoundedPasses {
    /** Rows per pass by default: enough for the matrix products to be efficient, little memory. */
    public static final int DEFAULT_ROWS = 2048;

    private final Function<PackedBatch, float[]> model;
    private final int rowsPerPass;
    private final AtomicLong passes = new AtomicLong();

    /**
     * Passes through a model.
     *
     * @param model gives {@code [targets]} log-probabilities of a batch, such as {@code LanguageModel::logprobs}
     * @param rowsPerPass most rows (tokens fed) in one pass, at least 1
     * @throws IllegalArgumentException if {@code rowsPerPass} is below 1
     */
    public BoundedPasses(Function<PackedBatch, float[]> model, int rowsPerPass) {
        if (rowsPerPass < 1) {
            throw new IllegalArgumentException("rows per pass: " + rowsPerPass + ", must be at least 1");
        }
        this.model = model;
        this.rowsPerPass = rowsPerPass;
    }

    /**
     * Log-probabilities of answers, each after its prompt.
     *
     * @param prompts token ids, at least one each; the i-th belongs to the i-th completion
     * @param completions token ids, at least one each
     * @return per completion its {@code [tokens]} log-probabilities in nats, same order
     * @throws IllegalArgumentException if the lists differ in size, or a prompt or completion is empty
     * @throws IllegalStateException if the model does not answer with one number per token
     */
    public List<float[]> logprobs(List<int[]> prompts, List<int[]> completions) {
        if (prompts.size() != completions.size()) {
            throw new IllegalArgumentException(
                    "prompts: " + prompts.size() + ", must be one per completion: " + completions.size());
        }
        List<float[]> results = new ArrayList<>(completions.size());
        int from = 0;
        while (from < completions.size()) {
            int to = end(prompts, completions, from);
            run(prompts.subList(from, to), completions.subList(from, to), results);
            from = to;
        }
        return results;
    }

    /** Passes made so far; from any thread. */
    public long passes() {
        return passes.get();
    }

    /** One past the last answer of the pass that starts at {@code from}. */
    private int end(List<int[]> prompts, List<int[]> completions, int from) {
        long rows = 0;
        for (int i = from; i < completions.size(); i++) {
            boolean shared = i > from && Arrays.equals(prompts.get(i), prompts.get(i - 1));
            rows += (shared ? 0 : prompts.get(i).length) + completions.get(i).length - 1L;
            if (i > from && rows > rowsPerPass) {
                return i;
            }
        }
        return completions.size();
    }

    private void run(List<int[]> prompts, List<int[]> completions, List<float[]> results) {
        PackedBatch.Builder builder = PackedBatch.builder();
        for (int i = 0; i < completions.size(); i++) {
            builder.prompt(prompts.get(i));
            builder.completion(completions.get(i));
        }
        PackedBatch batch = builder.build();
        float[] logprobs = model.apply(batch);
        passes.incrementAndGet();
        if (logprobs.length != batch.targets().length) {
            throw new IllegalStateException("model: " + logprobs.length + " log-probabilities, must be one per target: "
                    + batch.targets().length);
        }
        for (Span span : batch.spans()) {
            results.add(Arrays.copyOfRange(logprobs, span.from(), span.to()));
        }
    }
}
