package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.PackedBatch;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.files.ModelFiles;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.Encoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.model.OptimizedModel;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Trains the tiny chat model of the golden numbers, and holds its course against a golden curve: AdamW at 1e-3 without
 * decay, gradients clipped at norm 1, rows in order.
 */
public final class TinyChat implements AutoCloseable {

    private static final double FIRST_LOSS = 1e-5;
    private static final double LATER = 1e-3;
    /** What no objective can tell: it sees log-probabilities of the targets only. */
    private static final Set<String> OF_THE_LOOP = Set.of("loss", "grad_norm", "mean_token_accuracy", "entropy");

    private final Path directory = Golden.dir("tiny-chat");
    private final Torch torch = Torch.open("cpu", 1);
    private final Tokenizer tokenizer = Tokenizer.load(directory);
    private final Encoder encoder = Encoder.load(directory, tokenizer, Boundary.REFUSE);
    private final TrainConfig config =
            new TrainConfigBuilder().maxSteps(1).weightDecay(0).build();

    /**
     * Fails where the loss, the gradient norm or a metric of some step leaves the curve.
     *
     * @param curve with {@code steps}
     * @param rows as many per step as {@code batchSize}, for all steps of the curve
     */
    public <R> void follow(JsonNode curve, Objective<R> objective, List<R> rows, int batchSize) {
        try (LanguageModel frozen = LanguageModel.load(torch, directory, LoadOptions.FROZEN);
                LanguageModel model = LanguageModel.load(torch, directory, LoadOptions.TRAINED);
                OptimizedModel trained = OptimizedModel.of(model, new ModelFiles(directory), config)) {
            Reference<R> reference = (all, batch) -> frozen.logprobs(batch);
            follow(curve, trained, new ObjectivePass<>(trained, encoder, objective, reference), rows, batchSize);
        }
    }

    /** The same for a reward model whose head starts at zero. */
    public <R> void follow(JsonNode curve, RewardObjective<R> objective, List<R> rows, int batchSize) {
        try (RewardBackbone model =
                        RewardBackbone.load(torch, directory, LoadOptions.TRAINED, RewardBackbone.HeadInit.ZEROS, 0);
                OptimizedModel trained = OptimizedModel.of(model, new ModelFiles(directory), config)) {
            follow(curve, trained, new RewardObjectivePass<>(trained, encoder, objective), rows, batchSize);
        }
    }

    /**
     * Loss and gradient norm of one step before any training.
     *
     * @return the loss, then the global norm of the gradient by all weights
     */
    public <R> double[] evaluate(Objective<R> objective, List<R> rows) {
        try (LanguageModel model = LanguageModel.load(torch, directory, LoadOptions.TRAINED);
                OptimizedModel trained = OptimizedModel.of(model, new ModelFiles(directory), config)) {
            Pass<R> pass = new ObjectivePass<>(trained, encoder, objective, null);
            PackedBatch batch = pack(pass, rows);
            Pass.Contribution contribution = pass.run(rows, batch, totals(rows, batch));
            return new double[] {contribution.loss(), trained.step(0, 0)};
        }
    }

    private static <R> PackedBatch pack(Pass<R> pass, List<R> rows) {
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> pass.pack(row, builder));
        return builder.build();
    }

    private static Totals totals(List<?> rows, PackedBatch batch) {
        return new Totals(rows.size(), batch.targets().length);
    }

    private static <R> void follow(JsonNode curve, Trainable model, Pass<R> pass, List<R> rows, int batchSize) {
        JsonNode steps = curve.required("steps");
        assertThat(rows).hasSize(steps.size() * batchSize);
        for (int i = 0; i < steps.size(); i++) {
            int step = i;
            List<R> now = rows.subList(step * batchSize, (step + 1) * batchSize);
            PackedBatch batch = pack(pass, now);
            Pass.Contribution contribution = pass.run(now, batch, totals(now, batch));
            JsonNode expected = steps.get(step);
            double loss = expected.required("loss").doubleValue();
            assertThat(contribution.loss())
                    .as("loss of step %d", step + 1)
                    .isCloseTo(loss, within((step == 0 ? FIRST_LOSS : LATER) * Math.max(1, Math.abs(loss))));
            assertNear(step, "grad_norm", model.step(1e-3, 1), expected);
            expected.fieldNames().forEachRemaining(name -> {
                if (!OF_THE_LOOP.contains(name)) {
                    assertThat(contribution.metrics()).containsKey(name);
                    assertNear(step, name, contribution.metrics().get(name).value(), expected);
                }
            });
        }
    }

    private static void assertNear(int step, String name, double actual, JsonNode expected) {
        double value = expected.required(name).doubleValue();
        assertThat(actual)
                .as("%s of step %d", name, step + 1)
                .isCloseTo(value, within(LATER * Math.max(1, Math.abs(value))));
    }

    @Override
    public void close() {
        tokenizer.close();
        torch.close();
    }
}
