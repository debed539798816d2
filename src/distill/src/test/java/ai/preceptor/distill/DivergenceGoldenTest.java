package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Means over the tokens that a peer's label mask leaves. */
class DivergenceGoldenTest {
    private final JsonNode golden = Golden.json("reference_losses.json");

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 2", "0.1, 1", "0.1, 2", "0.5, 1", "0.5, 2", "0.9, 1", "0.9, 2", "1, 1", "1, 2"})
    void jsd_equalsTrl(double beta, double temperature) {
        check("generalized_jsd_beta" + beta + "_T" + temperature, Divergence.jsd(beta), temperature);
    }

    @Test
    void others_equalTheirPapersAndRepositories() {
        check("forward_kl_T_S", Divergence.forwardKl(), 1);
        check("reverse_kl_S_T", Divergence.reverseKl(), 1);
        check("skew_forward_kl_0.1", Divergence.skewForwardKl(0.1), 1);
        check("skew_reverse_kl_0.1", Divergence.skewReverseKl(0.1), 1);
        check("total_variation", Divergence.totalVariation(), 1);
    }

    private void check(String name, Divergence divergence, double temperature) {
        JsonNode in = golden.path("divergence_inputs");
        LogitDivergence loss = new LogitDivergence(divergence, temperature);
        double sum = 0;
        int tokens = 0;
        for (int row = 0; row < in.path("labels").size(); row++) {
            int[] labels = Golden.ints(in.path("labels").path(row));
            for (int t = 0; t < labels.length; t++) {
                if (labels[t] != -100) {
                    double[] student =
                            Golden.doubles(in.path("student_logits").path(row).path(t));
                    double[] teacher =
                            Golden.doubles(in.path("teacher_logits").path(row).path(t));
                    sum += loss.evaluate(teacher, student, new double[student.length]);
                    tokens++;
                }
            }
        }
        assertThat(sum / tokens)
                .as(name)
                .isCloseTo(golden.path("divergence/" + name).asDouble(), within(1e-6));
    }
}
