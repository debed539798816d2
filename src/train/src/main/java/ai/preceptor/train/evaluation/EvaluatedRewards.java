package ai.preceptor.train.evaluation;

import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Segment;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The rewards that the last evaluation of a training run computed, by the tokens they are of. The report after training is on
 * the same answers; it takes these, if the weights are still those of the evaluation.
 */
public final class EvaluatedRewards {
    private final RewardBackbone model;
    private final Supplier<byte[]> weights;
    private final Map<IntBuffer, double[]> rewards = new HashMap<>();
    private byte[] evaluated = {};

    /**
     * None yet.
     *
     * @param model computes them
     * @param weights digest of the weights that it has now
     */
    public EvaluatedRewards(RewardBackbone model, Supplier<byte[]> weights) {
        this.model = model;
        this.weights = weights;
    }

    /** As {@link RewardBackbone#rewards}; keeps them. For batches of whole answers. */
    public float[] rewards(PackedBatch batch) {
        float[] computed = model.rewards(batch);
        Map<Integer, Integer> byLastRow = new HashMap<>();
        for (int answer = 0; answer < batch.sources().length; answer++) {
            byLastRow.put(batch.sources()[answer], answer);
        }
        for (Segment segment : batch.segments()) {
            Integer answer = byLastRow.get(segment.end() - 1);
            if (answer != null) {
                double[] own = new double[model.heads()];
                Arrays.setAll(own, head -> computed[answer * own.length + head]);
                rewards.put(tokens(batch, segment), own);
            }
        }
        return computed;
    }

    /** The key of an answer's rewards: the tokens of the prompt and then those of the answer. */
    public static IntBuffer tokens(int[] prompt, int[] completion) {
        return IntBuffer.allocate(prompt.length + completion.length)
                .put(prompt)
                .put(completion)
                .flip();
    }

    private static IntBuffer tokens(PackedBatch batch, Segment answer) {
        return tokens(
                Arrays.copyOfRange(batch.tokens(), answer.prefixStart(), answer.prefixEnd()),
                Arrays.copyOfRange(batch.tokens(), answer.start(), answer.end()));
    }

    /** The same evaluation, after which {@link #current} knows its rewards. */
    public Evaluator of(Evaluator rows) {
        return new Evaluator() {
            @Override
            public Optional<Map<String, Double>> measure() {
                rewards.clear();
                Optional<Map<String, Double>> measured = rows.measure();
                evaluated = weights.get();
                return measured;
            }

            @Override
            public String standardMetric() {
                return rows.standardMetric();
            }

            @Override
            public String identity() {
                return rows.identity();
            }

            @Override
            public Set<String> names(String wanted) {
                return rows.names(wanted);
            }
        };
    }

    /** The rewards of all heads by {@link #tokens(int[], int[])}; empty if the weights have changed since the evaluation. */
    public Map<IntBuffer, double[]> current() {
        return !rewards.isEmpty() && Arrays.equals(evaluated, weights.get()) ? Map.copyOf(rewards) : Map.of();
    }
}
