package ai.preceptor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KlToReferenceTest {
    private static final long SEED = 20261124;

    private static List<float[]> answers(float[]... answers) {
        return Arrays.asList(answers);
    }

    /**
     * Log-ratios 0.5, -0.5 and, in the second answer, 1: k1 is 0 and 1; k3 is e^-0.5 + e^0.5 - 2 = 0.255252 and e^-1 =
     * 0.367879.
     */
    @Test
    void of_byHand() {
        KlToReference kl = KlToReference.of(
                List.of(answers(new float[] {-1, -2}), answers(new float[] {-1})),
                List.of(answers(new float[] {-1.5f, -1.5f}), answers(new float[] {-2})));
        assertThat(kl.k1().mean()).isCloseTo(0.5, within(1e-9));
        assertThat(kl.k3().mean()).isCloseTo((0.255252 + 0.367879) / 2, within(1e-6));
        assertThat(kl.k1PerToken()).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(kl.k3PerToken()).isCloseTo((0.255252 + 0.367879) / 3, within(1e-6));
        assertThat(kl.answers()).isEqualTo(2);
        assertThat(kl.tokens()).isEqualTo(3);
    }

    @Test
    void of_equalsTheGoldenEstimators() {
        JsonNode golden = Golden.json("reference_losses.json").required("kl_estimators");
        KlToReference kl = KlToReference.of(
                List.of(rows(golden.required("policy_logps"))), List.of(rows(golden.required("ref_logps"))));
        assertThat(kl.k1PerToken()).isCloseTo(mean(golden.required("k1")), within(1e-6));
        assertThat(kl.k3PerToken()).isCloseTo(mean(golden.required("k3")), within(1e-6));
    }

    private static List<float[]> rows(JsonNode matrix) {
        List<float[]> rows = new ArrayList<>();
        matrix.forEach(row -> rows.add(Golden.floats(row)));
        return rows;
    }

    private static double mean(JsonNode matrix) {
        return rows(matrix).stream()
                .mapToDouble(row -> IntStream.range(0, row.length)
                        .mapToDouble(i -> row[i])
                        .average()
                        .orElseThrow())
                .average()
                .orElseThrow();
    }

    /** Samples in exactly the policy's proportions: both estimators are then the KL itself. */
    @Test
    void of_samplesInTheirProportionsIsTheKl() {
        Random random = new Random(SEED);
        for (int round = 0; round < 100; round++) {
            int[] counts = random.ints(6, 1, 20).toArray();
            int total = Arrays.stream(counts).sum();
            double[] reference = random.doubles(6, 0.05, 1).toArray();
            double mass = Arrays.stream(reference).sum();
            double exact = 0;
            List<float[]> policyLogprobs = new ArrayList<>();
            List<float[]> referenceLogprobs = new ArrayList<>();
            for (int token = 0; token < counts.length; token++) {
                double p = (double) counts[token] / total;
                double q = reference[token] / mass;
                exact += p * Math.log(p / q);
                for (int i = 0; i < counts[token]; i++) {
                    policyLogprobs.add(new float[] {(float) Math.log(p)});
                    referenceLogprobs.add(new float[] {(float) Math.log(q)});
                }
            }
            KlToReference kl = KlToReference.of(List.of(policyLogprobs), List.of(referenceLogprobs));
            String where = "seed " + SEED + " round " + round;
            assertThat(kl.k1().mean()).as(where).isCloseTo(exact, within(1e-6));
            assertThat(kl.k3().mean()).as(where).isCloseTo(exact, within(1e-6));
        }
    }

    @Test
    void of_equalModelsIsZeroAndK3IsNeverNegative() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            float[] policy = logprobs(random);
            float[] reference = Arrays.copyOf(logprobs(random), policy.length);
            KlToReference same = KlToReference.of(List.of(answers(policy)), List.of(answers(policy)));
            assertThat(same.k1().mean()).isZero();
            assertThat(same.k3().mean()).isZero();
            assertThat(KlToReference.of(List.of(answers(policy)), List.of(answers(reference)))
                            .k3()
                            .mean())
                    .as("seed %d round %d", SEED, round)
                    .isNotNegative();
        }
    }

    private static float[] logprobs(Random random) {
        float[] values = new float[1 + random.nextInt(20)];
        for (int i = 0; i < values.length; i++) {
            values[i] = -5 * random.nextFloat();
        }
        return values;
    }

    @Test
    void of_whatDoesNotFitIsRefused() {
        float[] one = {-1};
        float[] two = {-1, -2};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KlToReference.of(List.of(answers(one)), List.of()))
                .withMessage("prompts: 1 of the policy, 0 of the reference, must be equal");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KlToReference.of(List.of(answers(one)), List.of(answers(one, one))))
                .withMessage("answers to prompt 0: 1 of the policy, 2 of the reference, must be equal");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KlToReference.of(List.of(answers(one)), List.of(answers(two))))
                .withMessage("tokens of answer 0 to prompt 0: 1 of the policy, 2 of the reference, must be equal");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KlToReference.of(List.of(answers(new float[0])), List.of(answers(new float[0]))))
                .withMessage("answers: 1 without a token, must have at least 1");
    }
}
