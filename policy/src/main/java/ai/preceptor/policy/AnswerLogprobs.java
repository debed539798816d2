package ai.preceptor.policy;

import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.train.reference.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Log-probabilities that a model gives to sampled answers.
 *
 * @param model the model
 * @param rowsTogether answers that go through it together, 1 or more
 */
record AnswerLogprobs(Reference.FrozenModel model, int rowsTogether) {

    /** Per trajectory {@code [tokens]}, in nats. */
    List<float[]> of(List<Trajectory> trajectories) {
        List<float[]> all = new ArrayList<>();
        for (int from = 0; from < trajectories.size(); from += rowsTogether) {
            PackedBatch.Builder builder = PackedBatch.builder();
            for (Trajectory one : trajectories.subList(from, Math.min(trajectories.size(), from + rowsTogether))) {
                builder.prompt(one.promptIds());
                builder.completion(one.completion().tokenIds());
            }
            PackedBatch batch = builder.build();
            float[] logprobs = model.logprobs(batch);
            for (Span span : batch.spans()) {
                all.add(Arrays.copyOfRange(logprobs, span.from(), span.to()));
            }
        }
        return all;
    }
}
