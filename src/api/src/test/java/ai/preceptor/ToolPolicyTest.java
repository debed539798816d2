package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.tool.Tool;
import ai.preceptor.data.tool.ToolTurns;
import ai.preceptor.distill.DistillationLoss;
import ai.preceptor.distill.Divergence;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.RolloutDtype;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.tool.ToolCall;
import ai.preceptor.lm.tool.ToolSettings;
import ai.preceptor.lm.tool.ToolUse;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.online.OnlineOptions;
import ai.preceptor.policy.Experience;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicyObjective;
import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.policy.kl.KlSettings;
import ai.preceptor.policy.loss.ClipSettings;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.unpaired.KtoLoss;
import ai.preceptor.rollout.RolloutSettings;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.Totals;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.model.OptimizedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Learning from answers with turns of tools. */
class ToolPolicyTest {
    private static final int[] PROMPT = {5, 9, 30};

    /** An answer of four sampled tokens with three of a tool after the second. */
    private static final Completion ANSWER = new Completion(
            "text",
            new int[] {41, 2, 17, 8},
            new float[4],
            new float[4],
            FinishReason.STOP,
            null,
            new ToolTurns(List.of(new ToolTurns.Turn(2, new int[] {11, 12, 13}, "", List.of())), 1, 0));

    private static final double ADVANTAGE = 1.7;

    @TempDir
    Path folder;

    private Path template;

    @BeforeEach
    void writeTemplate() throws IOException {
        template = Files.writeString(folder.resolve("tools.txt"), "{{tools}}");
    }

    /** Answers with the number of its calls' letters: a tool that depends on its arguments alone. */
    private static final class Scripted implements Tool {
        @Override
        public String name() {
            return "t";
        }

        @Override
        public String description() {
            return "d";
        }

        @Override
        public Map<String, Object> parameters() {
            return Map.of("type", "object");
        }

        @Override
        public String call(Map<String, @Nullable Object> arguments) {
            return String.valueOf(arguments.get("length"));
        }
    }

    /** Every turn that the model ends calls the tool. */
    private ToolUse tools() {
        return new ToolUse(
                List.of(new Scripted()),
                ToolSettings.builder()
                        .maxToolCallingIterations(2)
                        .toolTemplate(template)
                        .build(),
                turn -> List.of(new ToolCall("t", Map.of("length", turn.length()))));
    }

    private static void step(OptimizedModel trained, PromptEncoder encoder, Completion answer, int tokens) {
        double[] advantages = new double[answer.length()];
        Arrays.fill(advantages, ADVANTAGE);
        Trajectory trajectory = new Trajectory(Prompt.plain("p"), PROMPT, answer, 0, 0, Score.of(1));
        Experience row = new Experience(trajectory, answer.samplerLogprobs(), null, advantages);
        PolicyObjective objective = new PolicyObjective(
                "grpo", PolicyLossType.DAPO.loss(ClipSettings.builder().build(), KlPenalty.none(), 8));
        ObjectivePass<Experience> pass = new ObjectivePass<>(trained, encoder, objective, null);
        PackedBatch.Builder builder = PackedBatch.builder();
        pass.pack(row, builder);
        PackedBatch batch = builder.build();
        assertThat(pass.tokens(List.of(row), batch)).isEqualTo(tokens);
        pass.run(List.of(row), batch, new Totals(1, tokens));
    }

    /** As this model would have sampled it. */
    private static Completion sampledBy(LanguageModel model, Completion answer) {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(PROMPT);
        float[] logprobs = model.logprobs(builder.completion(answer).build());
        return new Completion(
                answer.text(), answer.tokenIds(), logprobs, logprobs, FinishReason.STOP, null, answer.turns());
    }

    /** Adds minus the gradient of the mean of -A log p over the sampled tokens, each read after all before it. */
    private static void subtractByHand(LanguageModel model, int tokens) {
        int[] all = ANSWER.allIds();
        boolean[] sampled = ANSWER.sampled();
        for (int t = 0; t < all.length; t++) {
            if (sampled[t]) {
                int[] before = Arrays.copyOf(PROMPT, PROMPT.length + t);
                System.arraycopy(all, 0, before, PROMPT.length, t);
                PackedBatch.Builder builder = PackedBatch.builder();
                builder.prompt(before);
                try (ForwardPass pass =
                        model.forward(builder.completion(new int[] {all[t]}).build())) {
                    pass.backward(new float[] {(float) (ADVANTAGE / tokens)});
                }
            }
        }
    }

    @Test
    void gradient_isThatOfTheSampledTokensAlone_readAfterTheTools() {
        Path directory = Golden.dir("tiny-chat");
        try (Torch torch = Torch.open("cpu", 1);
                Tokenizer tokenizer = Tokenizer.load(directory);
                LanguageModel model = LanguageModel.load(torch, directory, new LoadOptions(Precision.FLOAT32, true));
                OptimizedModel trained = OptimizedModel.of(
                        model, new ModelFiles(directory), TrainConfig.builder().build())) {
            PromptEncoder encoder = TemplateEncoder.load(directory, tokenizer, Boundary.REFUSE);
            Completion answer = sampledBy(model, ANSWER);
            step(trained, encoder, answer, 4);
            double norm = trained.step(0, 0);
            step(trained, encoder, answer, 4);
            subtractByHand(model, 4);
            assertThat(trained.step(0, 0)).as("of %s", norm).isLessThan(1e-4 * norm);
            Completion unmasked = new Completion("text", ANSWER.allIds(), new float[7], FinishReason.STOP);
            step(trained, encoder, sampledBy(model, unmasked), 7);
            subtractByHand(model, 7);
            assertThat(trained.step(0, 0))
                    .as("with the tools' tokens, of %s", norm)
                    .isGreaterThan(0.1 * norm);
        }
    }

    private final PolicyOptions options = new PolicyOptions(PolicyRun.options(PolicyAlgorithm.RLOO)
            .maxCompletionLength(60)
            .kl(KlSettings.builder().beta(0.05).build())
            .numIterations(2)
            .build());

    /** Stopped within a batch, whose answers have turns of tools: they are learnt from again after the restart. */
    @Test
    void resume_equalsTheStraightRun() {
        TrainConfig config = PolicyRun.config(4).saveSteps(100).resume(true).build();
        Path straight = folder.resolve("straight");
        PolicyRun whole = new PolicyRun().with(tools());
        whole.in(straight, PolicyRun.BREVITY, options, config);
        Path stopped = folder.resolve("stopped");
        PolicyRun first = new PolicyRun().with(tools()).stopAfter(3);
        assertThatThrownBy(() -> first.in(stopped, PolicyRun.BREVITY, options, config))
                .isInstanceOf(InterruptedRunException.class);
        new PolicyRun().with(tools()).in(stopped, PolicyRun.BREVITY, options, config);
        for (String file : List.of(
                "metrics.jsonl", "samples.jsonl", "model/model.safetensors", "checkpoints/step-4/policy.jsonl")) {
            assertThat(stopped.resolve(file)).hasSameBinaryContentAs(straight.resolve(file));
        }
        assertThat(whole.samples).anyMatch(row -> row.containsKey("tool_mask"));
        assertThat(whole.column("tools/call_frequency"))
                .filteredOn(value -> value != null)
                .hasSize(2)
                .allSatisfy(value -> assertThat(value).isBetween(0.0, 2.0));
        assertThat(whole.column("tools/failure_frequency"))
                .filteredOn(value -> value != null)
                .isNotEmpty()
                .containsOnly(0.0);
    }

    /**
     * Log-probabilities that the learner recomputes are of the sampled tokens alone, in their order, in all turns: a token out of
     * place would differ by nats. What is rounded differs by little, but it differs.
     */
    @Test
    void sampledWithRoundedWeights_isCorrectedFor_inAllTurns() {
        LoadOptions loading =
                new LoadOptions(Precision.FLOAT32, true).withDecode(new DecodeSettings(RolloutDtype.INT8));
        PolicyRun run = new PolicyRun().loaded(loading).with(tools());
        run.inMemory(PolicyRun.BREVITY, options, PolicyRun.config(1).build());
        assertThat(run.samples).anyMatch(row -> row.containsKey("tool_mask"));
        assertThat(run.column("sampling/sampling_logp_difference/mean").get(0)).isBetween(1e-5, 0.02);
        assertThat(run.column("sampling/sampling_logp_difference/max").get(0)).isLessThan(0.1);
        assertThat(run.column("sampling/importance_sampling_ratio/mean").get(0)).isCloseTo(1, within(0.1));
        assertThat(run.column("sampling/masked_ratio").get(0)).isZero();
        assertThat(run.column("objective/kl").get(0)).as("before any step").isCloseTo(0, within(1e-4));
    }

    /** Their rows hold no tokens of tools. */
    @Test
    void trainersOfAnswersWithoutTools_refuseAStudentWithTools() {
        RankMethod method = new RankMethod.Unpaired(KtoLoss.kto(0.1));
        TrainConfig config = PolicyRun.config(1).build();
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor
                        .student(Golden.dir("tiny-chat"), new LoadOptions(Precision.FLOAT32, true))
                        .with(tools())) {
            assertThatThrownBy(() -> student.rankOnline(
                            List.of(Prompt.user("q")), PolicyRun.BREVITY, method, OnlineOptions.STANDARD, config))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(
                            "tools: expected a student without tools where preferences are learnt online");
            assertThatThrownBy(() -> student.distill(
                            Golden.dir("tiny-teacher"),
                            List.of(new Demonstration(Prompt.plain("q"), Text.plain("a"))),
                            DistillOptions.of(DistillationLoss.of(Divergence.reverseKl()))
                                    .onPolicy(0.5, 1, SamplingOptions.unfiltered(4, 0)),
                            config))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("tools: expected a student without tools with lmbda 0.5");
        }
    }

    @Test
    void toolTimeout_asLongAsTheHeartbeat_isRefused() {
        PolicyOptions brief =
                options.with(RolloutSettings.builder().heartbeatTimeout(10).build());
        assertThatThrownBy(() -> new PolicyRun()
                        .with(tools())
                        .inMemory(PolicyRun.BREVITY, brief, PolicyRun.config(1).build()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tool_timeout")
                .hasMessageContaining("less than heartbeat_timeout 10.0, found 10.0");
    }
}
