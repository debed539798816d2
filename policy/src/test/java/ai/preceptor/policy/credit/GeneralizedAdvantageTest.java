package ai.preceptor.policy.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneralizedAdvantageTest {

    private static final double[] REWARDS = {0, 0, 1};
    private static final double[] VALUES = {0.5, 0.25, 0.5};

    /** Deltas: -0.25, 0.25, 0.5 with gamma 1; A_3 = 0.5, A_2 = 0.25 + 0.5 x 0.5, A_1 = -0.25 + 0.5 x 0.5. */
    @Test
    void of_isTheHandWorkedValue() {
        GeneralizedAdvantage.Estimate estimate = new GeneralizedAdvantage(1, 0.5).of(REWARDS, VALUES);
        assertThat(estimate.advantages()).containsExactly(0, 0.5, 0.5);
        assertThat(estimate.returns()).containsExactly(0.5, 0.75, 1);
    }

    @Test
    void of_lambdaOne_isTheReturnMinusTheValue() {
        GeneralizedAdvantage.Estimate estimate = new GeneralizedAdvantage(1, 1).of(REWARDS, VALUES);
        assertThat(estimate.advantages()).containsExactly(0.5, 0.75, 0.5);
        assertThat(estimate.returns()).containsOnly(1);
    }

    @Test
    void of_lambdaZero_isTheOneStepError() {
        assertThat(new GeneralizedAdvantage(1, 0).of(REWARDS, VALUES).advantages())
                .containsExactly(-0.25, 0.25, 0.5);
    }

    @Test
    void of_impossibleNumbers_areRefused() {
        assertThatThrownBy(() -> new GeneralizedAdvantage(1.1, 0.5)).hasMessageContaining("gamma: 1.1");
        assertThatThrownBy(() -> new GeneralizedAdvantage(1, -0.5)).hasMessageContaining("lam: -0.5");
        assertThatThrownBy(() -> new GeneralizedAdvantage(1, 1).of(REWARDS, new double[2]))
                .hasMessageContaining("values: 2");
    }

    @ParameterizedTest
    @CsvSource({"1.0, 0.95", "0.99, 0.9", "1.0, 1.0"})
    void of_randomCompletions_equalsTheGoldenNumbers(double gamma, double lambda) {
        JsonNode inputs = Golden.json("reference_losses.json").required("gae");
        JsonNode expected = Golden.json("reference_losses.json").required("gae/gamma" + gamma + "_lambda" + lambda);
        List<double[]> advantages = new ArrayList<>();
        for (int row = 0; row < inputs.required("mask").size(); row++) {
            int length =
                    (int) Arrays.stream(Golden.doubles(inputs.required("mask").get(row)))
                            .sum();
            GeneralizedAdvantage.Estimate estimate = new GeneralizedAdvantage(gamma, lambda)
                    .of(row(inputs, "rewards", row, length), row(inputs, "values", row, length));
            advantages.add(estimate.advantages());
            assertThat(estimate.advantages()).containsExactly(row(expected, "advantages", row, length), within(1e-5));
            assertThat(estimate.returns()).containsExactly(row(expected, "returns", row, length), within(1e-5));
        }
        List<double[]> white = new Whitening(true).of(advantages);
        double count = white.stream().mapToInt(row -> row.length).sum();
        for (int row = 0; row < white.size(); row++) {
            double[] golden = row(expected, "whitened_population_var_eps1e-8", row, white.get(row).length);
            double[] sample = Arrays.stream(golden)
                    .map(x -> x * Math.sqrt((count - 1) / count))
                    .toArray();
            assertThat(white.get(row)).containsExactly(sample, within(1e-5));
        }
    }

    private static double[] row(JsonNode node, String name, int row, int length) {
        return Arrays.copyOf(Golden.doubles(node.required(name).get(row)), length);
    }
}
