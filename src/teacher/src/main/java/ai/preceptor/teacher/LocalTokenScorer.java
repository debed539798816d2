package ai.preceptor.teacher;

import ai.preceptor.data.Trajectory;
import ai.preceptor.data.tokens.TokenScorer;
import ai.preceptor.lm.batch.PackedBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A teacher of on-policy distillation that is a language model on this machine. Answers to one prompt that follow each other
 * share its rows. An answer that is longer with its prompt than the model reads has no log-probabilities.
 *
 * @param name for messages
 * @param model the teacher; stays its owner's to close
 * @param rowsPerPass most rows in one pass, at least 1, see {@link BoundedPasses}
 * @param maxLength most tokens of a prompt with its answer, at least 2
 */
public record LocalTokenScorer(String name, Model model, int rowsPerPass, int maxLength) implements TokenScorer {
    /** @throws IllegalArgumentException naming the number that is out of its range */
    public LocalTokenScorer {
        if (rowsPerPass < 1 || maxLength < 2) {
            throw new IllegalArgumentException("local teacher: received " + rowsPerPass + " rows per pass and a longest"
                    + " answer of " + maxLength + ", must be at least 1 and at least 2");
        }
    }

    /** Log-probabilities at a temperature, such as {@code LanguageModel::logprobs}. */
    @FunctionalInterface
    public interface Model {
        /** {@code [targets]}, in nats. */
        float[] logprobs(PackedBatch batch, double temperature);
    }

    @Override
    public List<float[]> logprobs(List<Trajectory> trajectories, double temperature) {
        List<int[]> prompts = new ArrayList<>();
        List<int[]> answers = new ArrayList<>();
        for (Trajectory one : trajectories) {
            if (fits(one)) {
                prompts.add(one.promptIds());
                answers.add(one.completion().allIds());
            }
        }
        List<float[]> found =
                new BoundedPasses(batch -> model.logprobs(batch, temperature), rowsPerPass).logprobs(prompts, answers);
        List<float[]> all = new ArrayList<>();
        int next = 0;
        for (Trajectory one : trajectories) {
            all.add(fits(one) ? one.completion().ofSampled(found.get(next++)) : none(one));
        }
        return all;
    }

    private boolean fits(Trajectory one) {
        return one.promptIds().length + one.completion().allIds().length <= maxLength;
    }

    /** The numbers of an answer without any. */
    static float[] none(Trajectory one) {
        float[] none = new float[one.completion().length()];
        Arrays.fill(none, Float.NaN);
        return none;
    }
}
