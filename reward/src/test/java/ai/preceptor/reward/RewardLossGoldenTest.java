package ai.preceptor.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses and derivatives as PyTorch computes them, by its own functions and automatic differentiation, in float64. */
class RewardLossGoldenTest {

    private static Stream<JsonNode> cases(String name) {
        try {
            JsonNode all = new ObjectMapper().readTree(RewardLossGoldenTest.class.getResource("reference_losses.json"));
            assertThat(all.path(name)).hasSizeGreaterThanOrEqualTo(8);
            return StreamSupport.stream(all.path(name).spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> soft() {
        return cases("soft");
    }

    static Stream<JsonNode> plackettLuce() {
        return cases("plackett_luce");
    }

    static Stream<JsonNode> allPairs() {
        return cases("all_pairs");
    }

    @ParameterizedTest
    @MethodSource("soft")
    void softLabels_equalCrossEntropy(JsonNode golden) {
        double[] rewards = numbers(golden.path("rewards"));
        BradleyTerryLoss.Term term = new BradleyTerryLoss(number(golden, "coefficient"))
                .evaluate(rewards[0], rewards[1], number(golden, "margin"), number(golden, "probability"));
        assertThat(term.loss()).isCloseTo(number(golden, "loss"), within(1e-10));
        assertThat(new double[] {term.chosenSlope(), term.rejectedSlope()})
                .containsExactly(numbers(golden.path("gradient")), within(1e-10));
    }

    @ParameterizedTest
    @MethodSource("plackettLuce")
    void plackettLuce_equalsCumulativeLogSumExp(JsonNode golden) {
        ranked(new PlackettLuceRewardLoss(number(golden, "coefficient")), golden);
    }

    @ParameterizedTest
    @MethodSource("allPairs")
    void allPairs_equalTheirMean(JsonNode golden) {
        ranked(new AllPairsLoss(new BradleyTerryLoss(number(golden, "coefficient"))), golden);
    }

    private static void ranked(RankedRewardLoss loss, JsonNode golden) {
        List<Double> scores = new ArrayList<>();
        golden.path("scores").forEach(score -> scores.add(score.doubleValue()));
        RankedRewardLoss.Term term = loss.evaluate(numbers(golden.path("rewards")), scores);
        assertThat(term.loss()).isCloseTo(number(golden, "loss"), within(1e-10));
        assertThat(term.slopes()).containsExactly(numbers(golden.path("gradient")), within(1e-10));
    }

    private static double number(JsonNode golden, String key) {
        return golden.required(key).doubleValue();
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }
}
