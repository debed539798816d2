package ai.preceptor.policy;

import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.train.reference.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Numbers that a model gives to each token of sampled answers, of distributions over the ids that it was drawn from.
 *
 * @param rowsTogether answers that go through it together, 1 or more
 */
record AnswerLogprobs(int rowsTogether) {

    /** Per trajectory its log-probabilities {@code [tokens]}, in nats. */
    List<float[]> of(List<Trajectory> trajectories, Reference.FrozenModel model) {
        List<List<float[]>> numbers = lists(trajectories, batch -> List.of(model.logprobs(batch)));
        return numbers.isEmpty() ? List.of() : numbers.get(0);
    }

    /**
     * Runs the answers through a model.
     *
     * @param model gives lists of one number for each target of a batch
     * @return per list that it gives, per trajectory {@code [tokens]}
     */
    List<List<float[]>> lists(List<Trajectory> trajectories, Function<PackedBatch, List<float[]>> model) {
        List<List<float[]>> all = new ArrayList<>();
        for (int from = 0; from < trajectories.size(); from += rowsTogether) {
            PackedBatch.Builder builder = PackedBatch.builder();
            for (Trajectory one : trajectories.subList(from, Math.min(trajectories.size(), from + rowsTogether))) {
                builder.prompt(one.promptIds());
                builder.completion(one.completion());
            }
            PackedBatch batch = builder.build();
            List<float[]> numbers = model.apply(batch);
            for (int k = 0; k < numbers.size(); k++) {
                if (k == all.size()) {
                    all.add(new ArrayList<>());
                }
                for (Span span : batch.spans()) {
                    all.get(k).add(Arrays.copyOfRange(numbers.get(k), span.from(), span.to()));
                }
            }
        }
        return all;
    }
}
