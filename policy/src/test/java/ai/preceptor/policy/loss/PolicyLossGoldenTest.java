package ai.preceptor.policy.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.Experience;
import ai.preceptor.policy.PolicyObjective;
import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.Totals;
import ai.preceptor.train.tiny.TinyChat;
import ai.preceptor.train.tiny.TrlCurve;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against single evaluations of TRL's GRPO and RLOO trainers on the tiny chat model, float32. */
class PolicyLossGoldenTest {

    private static final ClipSettings CLIP = ClipSettings.builder().epsilon(0.2).build();
    private static final int MAX_LENGTH = 12;

    private static TinyChat chat;

    @BeforeAll
    static void open() {
        chat = new TinyChat();
    }

    @AfterAll
    static void close() {
        chat.close();
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of("grpo/grpo_beta0", PolicyLossType.GRPO.loss(CLIP, KlPenalty.none(), MAX_LENGTH)),
                Arguments.of("grpo/grpo_beta0.05", PolicyLossType.GRPO.loss(CLIP, KlPenalty.k3(0.05), MAX_LENGTH)),
                Arguments.of("grpo/bnpo", PolicyLossType.BNPO.loss(CLIP, KlPenalty.none(), MAX_LENGTH)),
                Arguments.of("grpo/dr_grpo", PolicyLossType.DR_GRPO.loss(CLIP, KlPenalty.none(), MAX_LENGTH)),
                Arguments.of(
                        "grpo/dapo_clip_higher",
                        PolicyLossType.DAPO.loss(
                                ClipSettings.builder()
                                        .epsilon(0.2)
                                        .epsilonHigh(0.28)
                                        .build(),
                                KlPenalty.none(),
                                MAX_LENGTH)),
                Arguments.of(
                        "grpo/gspo_sequence",
                        PolicyLossType.GRPO.loss(
                                ClipSettings.builder()
                                        .importanceSamplingLevel(ImportanceSamplingLevel.SEQUENCE)
                                        .build(),
                                KlPenalty.none(),
                                MAX_LENGTH)),
                Arguments.of(
                        "grpo/cispo",
                        PolicyLossType.CISPO.loss(
                                ClipSettings.builder().epsilonHigh(2.0).build(), KlPenalty.none(), MAX_LENGTH)),
                Arguments.of("grpo/sapo", PolicyLossType.SAPO.loss(CLIP, KlPenalty.none(), MAX_LENGTH)),
                Arguments.of(
                        "grpo/two_sided_delta",
                        PolicyLossType.GRPO.loss(
                                ClipSettings.builder()
                                        .epsilon(0.2)
                                        .epsilonHigh(0.2)
                                        .delta(1.5)
                                        .build(),
                                KlPenalty.none(),
                                MAX_LENGTH)),
                Arguments.of("rloo/rloo", PolicyLossType.RLOO.loss(CLIP, KlPenalty.none(), MAX_LENGTH)));
    }

    /** Every policy loss among the golden numbers is a case here. */
    @Test
    void cases_areAllThatTheFileHas() {
        List<String> tested =
                cases().map(one -> "policy/" + one.get()[0]).sorted().toList();
        List<String> golden = new ArrayList<>();
        Golden.json("reference_losses.json").fieldNames().forEachRemaining(golden::add);
        golden.removeIf(name -> !name.startsWith("policy/"));
        assertThat(golden).containsExactlyInAnyOrderElementsOf(tested);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void evaluate_equalsTrlsLoss(String name, PolicyLoss loss) {
        JsonNode golden = Golden.json("reference_losses.json");
        List<SampledTokens> answers = answers(golden.required("policy_inputs"));
        int tokens = answers.stream().mapToInt(SampledTokens::length).sum();
        Totals step = new Totals(answers.size(), tokens);
        double total = answers.stream()
                .mapToDouble(answer -> loss.evaluate(answer, step).loss())
                .sum();
        assertThat(total)
                .isCloseTo(golden.required("policy/" + name).required("loss").doubleValue(), within(2e-6));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void training_hasTrlsGradientNorm(String name, PolicyLoss loss) {
        JsonNode golden = Golden.json("reference_losses.json");
        JsonNode expected = golden.required("policy/" + name);
        TrlCurve ours = new TrlCurve();
        List<Experience> rows = experience(golden.required("policy_inputs"));
        chat.train(
                new PolicyObjective("policy", loss),
                rows,
                TinyChat.settings(rows.size()).build(),
                ours.setting());
        StepMetrics step = ours.steps().get(0);
        assertThat(step.loss()).isCloseTo(expected.required("loss").doubleValue(), within(1e-4));
        double norm = expected.required("grad_norm").doubleValue();
        assertThat(step.gradNorm()).isCloseTo(norm, within(1e-3 * norm));
    }

    private static List<Experience> experience(JsonNode inputs) {
        List<Experience> rows = new ArrayList<>();
        for (SampledTokens answer : answers(inputs)) {
            int i = rows.size();
            int[] prompt = Golden.ints(inputs.required("prompt_ids").get(i));
            int padding = prompt.length
                    - Arrays.stream(Golden.ints(inputs.required("prompt_mask").get(i)))
                            .sum();
            int[] ids =
                    Arrays.copyOf(Golden.ints(inputs.required("completion_ids").get(i)), answer.length());
            Completion completion = new Completion("", ids, answer.oldLogps(), FinishReason.LENGTH);
            int[] promptIds = Arrays.copyOfRange(prompt, padding, prompt.length);
            Trajectory trajectory = new Trajectory(Prompt.plain(""), promptIds, completion, i, 0, Score.of(0));
            rows.add(new Experience(trajectory, answer.oldLogps(), answer.referenceLogps(), answer.advantages()));
        }
        return rows;
    }

    private static List<SampledTokens> answers(JsonNode inputs) {
        double[] advantages = Golden.doubles(inputs.required("advantages"));
        List<SampledTokens> answers = new ArrayList<>();
        for (int i = 0; i < advantages.length; i++) {
            int length = Arrays.stream(
                            Golden.ints(inputs.required("completion_mask").get(i)))
                    .sum();
            double[] advantage = new double[length];
            Arrays.fill(advantage, advantages[i]);
            answers.add(new SampledTokens(
                    row(inputs, "per_token_logps_of_tiny_chat", i, length),
                    row(inputs, "old_per_token_logps", i, length),
                    row(inputs, "ref_per_token_logps", i, length),
                    advantage));
        }
        return answers;
    }

    private static float[] row(JsonNode inputs, String name, int row, int length) {
        return Arrays.copyOf(Golden.floats(inputs.required(name).get(row)), length);
    }
}
