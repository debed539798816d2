package ai.preceptor.policy.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.testkit.GradientCheck;
import ai.preceptor.train.Totals;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link PolicyLoss} owes. An implementation's test extends this. */
public abstract class PolicyLossContract {
    private static final long SEED = 20261124;
    private static final Totals STEP = new Totals(3, 20);
    /** Log-probabilities are multiples of this, so that float32 holds them and the check's step exactly. */
    private static final double GRID = 1.0 / (1 << 14);

    /** The loss under test. */
    protected abstract PolicyLoss loss();

    /**
     * The loss whose derivative the gradient is at this answer: the loss under test, unless it holds factors constant; then
     * one that has their values at this answer.
     */
    protected PolicyLoss differentiated(SampledTokens answer) {
        return loss();
    }

    private static float[] grid(Random random, int tokens, double from, double to) {
        float[] numbers = new float[tokens];
        for (int t = 0; t < tokens; t++) {
            numbers[t] = (float) (Math.round((from + (to - from) * random.nextDouble()) / GRID) * GRID);
        }
        return numbers;
    }

    private static SampledTokens answer(Random random, int tokens) {
        float[] old = grid(random, tokens, -3, -0.5);
        float[] now = old.clone();
        float[] moved = grid(random, tokens, -0.1, 0.1);
        for (int t = 0; t < tokens; t++) {
            now[t] += moved[t];
        }
        double[] advantages = random.doubles(tokens, -2, 2).toArray();
        double[] weights = random.doubles(tokens, 0, 2).toArray();
        if (random.nextInt(3) == 0) {
            weights[0] = 0; // as a mask leaves a token out
        }
        float[] sampler = old.clone();
        float[] off = grid(random, tokens, -0.05, 0.05);
        for (int t = 0; t < tokens; t++) {
            sampler[t] += off[t];
        }
        return new SampledTokens(now, old, grid(random, tokens, -3, -0.5), advantages, weights, sampler);
    }

    @Test
    void name_saysSomething() {
        assertThat(loss().name()).isNotBlank();
        assertThat(loss().withBeta(0.5).name()).isEqualTo(loss().name());
    }

    @Test
    void gradient_isThatOfTheLoss() {
        Random random = new Random(SEED);
        for (int round = 0; round < 50; round++) {
            SampledTokens answer = answer(random, 1 + random.nextInt(6));
            double[] point = new double[answer.length()];
            for (int t = 0; t < point.length; t++) {
                point[t] = answer.logps()[t];
            }
            PolicyLoss held = differentiated(answer);
            PolicyTerm term = loss().evaluate(answer, STEP);
            assertThat(held.evaluate(answer, STEP).loss()).isCloseTo(term.loss(), within(1e-12));
            assertThat(term.gradient()).hasSize(answer.length());
            new GradientCheck(GRID, 1e-3)
                    .verify(
                            "seed " + SEED + ", round " + round,
                            x -> held.evaluate(at(answer, x), STEP).loss(),
                            point,
                            term.gradient());
        }
    }

    private static SampledTokens at(SampledTokens answer, double[] logps) {
        float[] moved = new float[logps.length];
        for (int t = 0; t < moved.length; t++) {
            moved[t] = (float) logps[t];
        }
        return new SampledTokens(
                moved,
                answer.oldLogps(),
                answer.referenceLogps(),
                answer.advantages(),
                answer.weights(),
                answer.samplerLogps());
    }

    /** With weights of 0 the KL term is left, and half of the weights are half of the rest. */
    @Test
    void evaluate_weights_multiplyThePolicysTermOnly() {
        SampledTokens answer = answer(new Random(SEED), 6);
        double[] half = Arrays.stream(answer.weights()).map(w -> w / 2).toArray();
        PolicyTerm whole = loss().evaluate(answer, STEP);
        PolicyTerm halved = loss().evaluate(answer.withWeights(half), STEP);
        PolicyTerm none = loss().evaluate(answer.withWeights(new double[6]), STEP);
        PolicyTerm indifferent = loss().evaluate(
                        new SampledTokens(
                                answer.logps(),
                                answer.oldLogps(),
                                answer.referenceLogps(),
                                new double[6],
                                answer.weights(),
                                answer.samplerLogps()),
                        STEP);
        assertThat(none.loss()).isCloseTo(indifferent.loss(), within(1e-12));
        assertThat(halved.loss()).isCloseTo((whole.loss() + none.loss()) / 2, within(1e-12));
        assertThat(none.gradient()).containsExactly(indifferent.gradient(), within(1e-12));
        for (int t = 0; t < 6; t++) {
            assertThat(halved.gradient()[t]).isCloseTo((whole.gradient()[t] + none.gradient()[t]) / 2, within(1e-12));
        }
        assertThat(Double.valueOf(none.kl())).isEqualTo(Double.valueOf(whole.kl())); // perhaps not a number
    }

    @Test
    void evaluate_sharesAreInTheirRangesAndRepeat() {
        SampledTokens answer = answer(new Random(SEED), 5);
        PolicyTerm term = loss().evaluate(answer, STEP);
        assertThat(term.low()).isBetween(0.0, 1.0);
        assertThat(term.high()).isBetween(0.0, 1.0);
        assertThat(loss().evaluate(answer, STEP).loss()).isCloseTo(term.loss(), within(0.0));
    }

    @Test
    void evaluate_withoutReference_isRefusedWhereOneIsNeeded() {
        SampledTokens answer = answer(new Random(SEED), 4);
        SampledTokens without = new SampledTokens(answer.logps(), answer.oldLogps(), null, answer.advantages());
        if (loss().needsReference()) {
            assertThatThrownBy(() -> loss().evaluate(without, STEP)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(loss().evaluate(without, STEP).loss()).isFinite();
        }
    }
}
