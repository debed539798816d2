package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.policy.Experience;
import ai.preceptor.policy.PolicyObjective;
import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.policy.loss.ClipSettings;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.Totals;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.model.OptimizedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The gradient of a first step at temperature 0.6 against one computed by hand from the distribution that sampled. With
 * the sampler's probabilities p = softmax(z / T), the derivative of log p(y) is that of the log-probabilities l at
 * temperature 1, sum over j of (1 / T) (1[j = y] - p_j) dl_j: every token of the vocabulary is appended to every prefix.
 */
class TemperatureGradientTest {
    private static final double TEMPERATURE = 0.6;
    private static final int[][] PROMPTS = {{5, 9, 30}, {41, 7}};
    private static final double[][] ADVANTAGES = {{0.7, -1.3}, {2.1, -0.4}};

    private static List<Experience> sampled(LanguageModel model, Tokenizer tokenizer) {
        List<List<Completion>> answers = new Generator(model, tokenizer)
                .generate(List.of(PROMPTS), 2, SamplingOptions.atTemperature(TEMPERATURE, 3, 20261129));
        List<Experience> rows = new ArrayList<>();
        for (int p = 0; p < PROMPTS.length; p++) {
            for (int k = 0; k < 2; k++) {
                Completion answer = answers.get(p).get(k);
                double[] advantages = new double[answer.length()];
                Arrays.fill(advantages, ADVANTAGES[p][k]);
                Trajectory trajectory =
                        new Trajectory(Prompt.plain("p"), PROMPTS[p], answer, p, 0, Score.of(ADVANTAGES[p][k]));
                rows.add(new Experience(trajectory, answer.samplerLogprobs(), null, advantages));
            }
        }
        return rows;
    }

    /** Adds minus the gradient of the loss's mean over tokens of -A log p(y). */
    private static void subtractByHand(LanguageModel model, List<Experience> rows, int tokens) {
        int vocabulary = model.config().vocabSize();
        for (Experience row : rows) {
            int[] ids = row.trajectory().completion().tokenIds();
            for (int t = 0; t < ids.length; t++) {
                PackedBatch batch = everyToken(row.trajectory().promptIds(), ids, t, vocabulary);
                try (ForwardPass pass = model.forward(batch)) {
                    double[] sampler = cooled(pass.outputs());
                    assertThat(Math.log(sampler[ids[t]]))
                            .isCloseTo(row.trajectory().completion().samplerLogprobs()[t], within(1e-4));
                    float[] gradient = new float[vocabulary];
                    for (int j = 0; j < vocabulary; j++) {
                        double slope = ((j == ids[t] ? 1 : 0) - sampler[j]) / TEMPERATURE;
                        gradient[j] = (float) (row.advantages()[t] * slope / tokens);
                    }
                    pass.backward(gradient);
                }
            }
        }
    }

    private static PackedBatch everyToken(int[] prompt, int[] answer, int length, int vocabulary) {
        int[] prefix = Arrays.copyOf(prompt, prompt.length + length);
        System.arraycopy(answer, 0, prefix, prompt.length, length);
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(prefix);
        for (int j = 0; j < vocabulary; j++) {
            builder.completion(new int[] {j});
        }
        return builder.build();
    }

    private static double[] cooled(float[] logprobs) {
        double[] weights = new double[logprobs.length];
        Arrays.setAll(weights, j -> Math.exp(logprobs[j] / TEMPERATURE));
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    private static void step(OptimizedModel trained, PromptEncoder encoder, List<Experience> rows, int tokens) {
        PolicyObjective objective = new PolicyObjective(
                "grpo", PolicyLossType.DAPO.loss(ClipSettings.builder().build(), KlPenalty.none(), 8));
        ObjectivePass<Experience> pass = new ObjectivePass<>(trained, encoder, objective, null);
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> pass.pack(row, builder));
        pass.run(rows, builder.build(), new Totals(rows.size(), tokens));
    }

    @Test
    void firstStep_isTheGradientOfThePolicyThatSampled() {
        Path directory = Golden.dir("tiny-chat");
        TrainConfig config = TrainConfig.builder().build();
        try (Torch torch = Torch.open("cpu", 1);
                Tokenizer tokenizer = Tokenizer.load(directory);
                LanguageModel model = LanguageModel.load(torch, directory, new LoadOptions(Precision.FLOAT32, true));
                OptimizedModel trained = OptimizedModel.of(model, new ModelFiles(directory), config, TEMPERATURE);
                OptimizedModel warm = OptimizedModel.of(model, new ModelFiles(directory), config)) {
            PromptEncoder encoder = TemplateEncoder.load(directory, tokenizer, Boundary.REFUSE);
            List<Experience> rows = sampled(model, tokenizer);
            int tokens = rows.stream().mapToInt(row -> row.advantages().length).sum();
            step(trained, encoder, rows, tokens);
            double norm = trained.step(0, 0);
            step(trained, encoder, rows, tokens);
            subtractByHand(model, rows, tokens);
            assertThat(trained.step(0, 0)).as("of %s", norm).isLessThan(1e-4 * norm);
            step(warm, encoder, rows, tokens);
            subtractByHand(model, rows, tokens);
            assertThat(warm.step(0, 0)).as("at temperature 1, of %s", norm).isGreaterThan(0.1 * norm);
        }
    }
}
