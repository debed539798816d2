package ai.preceptor.ranking.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.answer.SequenceScore;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against single evaluations of the papers' and their repositories' formulas in PyTorch, float32. */
class RankingLossGoldenTest {

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of("rrhf_total_rank_weight1_sft_sum", RrhfLoss.paper()),
                Arguments.of(
                        "rrhf_total_rank_weight1_sft_mean", new RrhfLoss(1, SequenceScore.MEAN, SftReduction.MEAN)),
                Arguments.of("rrhf_sft_sum", new RrhfLoss(0, SequenceScore.MEAN, SftReduction.SUM)),
                Arguments.of("rrhf_sft_token_mean", new RrhfLoss(0, SequenceScore.MEAN, SftReduction.MEAN)),
                Arguments.of("pro_plain", new ProLoss(ProTemperature.NONE, 0)),
                Arguments.of("listmle_plackett_luce", new ProLoss(ProTemperature.NONE, 0)),
                Arguments.of("pro_reward_temperature", new ProLoss(ProTemperature.REWARD, 0)),
                Arguments.of("pro_reward_temperature_plus_sft_beta0.05_token_sum", ProLoss.paper()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void evaluate_equalsTheGoldenLossAndGradientNorm(String name, GroupLoss loss) {
        JsonNode golden = Golden.json("reference_losses.json");
        List<RankedAnswer> answers = answers(golden.required("ranking_inputs"));
        JsonNode expected = golden.required("ranking/" + name);
        GroupLossResult value = loss.evaluate(answers);
        assertThat(value.loss()).isCloseTo(expected.required("loss").doubleValue(), within(1e-5));
        double squares = 0;
        for (int i = 0; i < answers.size(); i++) {
            squares += answers.get(i).tokens() * value.gradient()[i] * value.gradient()[i];
        }
        assertThat(Math.sqrt(squares))
                .isCloseTo(expected.required("grad_norm_wrt_token_logprobs").doubleValue(), within(1e-5));
    }

    private static List<RankedAnswer> answers(JsonNode inputs) {
        double[] scores = Golden.doubles(inputs.required("scores"));
        List<RankedAnswer> answers = new ArrayList<>();
        for (JsonNode logps : inputs.required("token_logprobs")) {
            double sum = 0;
            for (double logp : Golden.doubles(logps)) {
                sum += logp;
            }
            answers.add(new RankedAnswer(sum, Double.NaN, logps.size(), scores[answers.size()]));
        }
        return answers;
    }
}
