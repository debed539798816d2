package ai.preceptor.ranking.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.testkit.GradientCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every pairwise loss owes, whatever its numbers. */
class PairLossPropertiesTest {

    private static final long SEED = 20261124;
    private static final int ROUNDS = 200;

    private static double beta(Random random) {
        return Math.exp(random.nextGaussian() - 2);
    }

    /** Of this form alone, under a divergence that it may have. */
    private static DpoLoss dpo(DpoLossType type, Random random) {
        FDivergence divergence = type.onMargins()
                ? FDivergence.values()[random.nextInt(FDivergence.values().length)]
                : FDivergence.REVERSE_KL;
        return new DpoLoss(
                List.of(new DpoLoss.Form(type, 0.5 + random.nextDouble())),
                beta(random),
                0.01 + 0.48 * random.nextDouble(),
                divergence,
                2 * random.nextDouble(),
                0.05 + random.nextDouble());
    }

    static Stream<Function<Random, PairLoss>> losses() {
        Stream<Function<Random, PairLoss>> forms =
                Arrays.stream(DpoLossType.values()).map(type -> random -> dpo(type, random));
        Stream<Function<Random, PairLoss>> cpo = Arrays.stream(CpoLossType.values())
                .map(type -> random -> new CpoLoss(
                        type,
                        beta(random),
                        0.49 * random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextBoolean() ? 0 : 0.02 * random.nextGaussian()));
        Stream<Function<Random, PairLoss>> others = Stream.of(
                random -> new OrpoLoss(beta(random)),
                random -> new DpoLoss(
                        List.of(
                                new DpoLoss.Form(DpoLossType.AOT, random.nextDouble()),
                                new DpoLoss.Form(DpoLossType.APO_DOWN, random.nextDouble()),
                                new DpoLoss.Form(DpoLossType.SFT, random.nextDouble())),
                        beta(random),
                        0.2,
                        FDivergence.REVERSE_KL,
                        0.5,
                        0.05));
        return Stream.concat(forms, Stream.concat(cpo, others));
    }

    private static RankedAnswer answer(Random random, double score) {
        int tokens = 1 + random.nextInt(30);
        double logp = -tokens * (0.1 + 4 * random.nextDouble());
        return new RankedAnswer(logp, logp + 2 * random.nextGaussian(), tokens, score);
    }

    private static List<AnswerPair> pairs(Random random) {
        List<AnswerPair> pairs = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            pairs.add(new AnswerPair(answer(random, 1), answer(random, 0), 0.1 + random.nextDouble()));
        }
        return pairs;
    }

    private static double[] logps(List<AnswerPair> pairs) {
        return pairs.stream()
                .flatMap(pair -> Stream.of(pair.chosen().logp(), pair.rejected().logp()))
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    private static AnswerPair moved(AnswerPair pair, double chosen, double rejected) {
        return new AnswerPair(
                new RankedAnswer(
                        chosen, pair.chosen().referenceLogp(), pair.chosen().tokens(), 1),
                new RankedAnswer(
                        rejected,
                        pair.rejected().referenceLogp(),
                        pair.rejected().tokens(),
                        0),
                pair.weight());
    }

    private static List<AnswerPair> withLogps(List<AnswerPair> pairs, double[] logps) {
        List<AnswerPair> all = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            all.add(moved(pairs.get(i), logps[2 * i], logps[2 * i + 1]));
        }
        return all;
    }

    private static double loss(PairLoss loss, List<AnswerPair> pairs) {
        return loss.terms(pairs).stream().mapToDouble(PairTerm::loss).sum();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void slopes_agreeWithDifferences(Function<Random, PairLoss> settings) {
        Random random = new Random(SEED);
        GradientCheck check = new GradientCheck(1e-6, 2e-6);
        for (int round = 0; round < ROUNDS; round++) {
            PairLoss loss = settings.apply(random);
            List<AnswerPair> pairs = pairs(random);
            double[] slopes = loss.terms(pairs).stream()
                    .flatMap(term -> Stream.of(term.chosenSlope(), term.rejectedSlope()))
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            check.verify(
                    "seed " + SEED + " round " + round + " " + loss + " " + pairs,
                    logps -> loss(loss, withLogps(pairs, logps)),
                    logps(pairs),
                    slopes);
        }
    }

    /** Twice the weight is twice the loss and its slopes. */
    @ParameterizedTest
    @MethodSource("losses")
    void terms_growWithTheWeight(Function<Random, PairLoss> settings) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            PairLoss loss = settings.apply(random);
            List<AnswerPair> pairs = pairs(random);
            List<AnswerPair> heavier = pairs.stream()
                    .map(pair -> new AnswerPair(pair.chosen(), pair.rejected(), 2 * pair.weight()))
                    .toList();
            double single = loss(loss, pairs);
            assertThat(loss(loss, heavier))
                    .as("seed %d round %d %s %s", SEED, round, loss, pairs)
                    .isCloseTo(2 * single, within(1e-9 * Math.max(1, Math.abs(single))));
        }
    }

    /** The order of the pairs does not matter, not even to the losses that sort them. */
    @ParameterizedTest
    @MethodSource("losses")
    void loss_doesNotDependOnTheOrderOfThePairs(Function<Random, PairLoss> settings) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            PairLoss loss = settings.apply(random);
            List<AnswerPair> pairs = pairs(random);
            List<AnswerPair> turned = new ArrayList<>(pairs);
            java.util.Collections.reverse(turned);
            double value = loss(loss, pairs);
            assertThat(loss(loss, turned))
                    .as("seed %d round %d %s %s", SEED, round, loss, pairs)
                    .isCloseTo(value, within(1e-9 * Math.max(1, Math.abs(value))));
        }
    }

    /** Where a loss is a function of the margin alone and no label is smoothed, a larger margin never costs more. */
    @ParameterizedTest
    @EnumSource(names = {"SIGMOID", "ROBUST", "HINGE", "SIGMOID_NORM", "BCO_PAIR", "APO_ZERO", "AOT", "AOT_UNPAIRED"})
    void dpo_fallsAsTheMarginGrows(DpoLossType type) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            DpoLoss loss = new DpoLoss(type, beta(random), 0);
            AnswerPair pair = pairs(random).get(0);
            double before = Double.POSITIVE_INFINITY;
            for (int step = 0; step < 20; step++) {
                AnswerPair farther =
                        moved(pair, pair.chosen().logp() + step, pair.rejected().logp() - step);
                double value = loss(loss, List.of(farther));
                assertThat(value)
                        .as("seed %d round %d %s %s", SEED, round, loss, farther)
                        .isLessThanOrEqualTo(before);
                before = value;
            }
        }
    }

    /** Exchanging the answers negates the logit: -log s(-z) + log s(z) = z. */
    @ParameterizedTest
    @EnumSource(FDivergence.class)
    void dpo_swappedPair_negatesTheLogit(FDivergence divergence) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            double beta = beta(random);
            double alpha = 2 * random.nextDouble();
            DpoLoss loss =
                    new DpoLoss(List.of(new DpoLoss.Form(DpoLossType.SIGMOID, 1)), beta, 0, divergence, alpha, 0.05);
            AnswerPair pair = new AnswerPair(answer(random, 1), answer(random, 0), 1);
            double logit = beta
                    * (divergence.score(pair.chosen().logratio(), alpha)
                            - divergence.score(pair.rejected().logratio(), alpha));
            double swapped = loss(loss, List.of(new AnswerPair(pair.rejected(), pair.chosen(), 1)));
            assertThat(swapped - loss(loss, List.of(pair)))
                    .as("seed %d round %d %s", SEED, round, loss)
                    .isCloseTo(logit, within(1e-9 * Math.max(1, Math.abs(logit))));
        }
    }

    /** Sorting one pair changes nothing. */
    @ParameterizedTest
    @EnumSource(names = {"AOT", "AOT_UNPAIRED"})
    void transport_ofOnePair_isTheConservativeLoss(DpoLossType type) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            double beta = beta(random);
            List<AnswerPair> one = pairs(random).subList(0, 1);
            double smoothing = 0.4 * random.nextDouble();
            assertThat(loss(new DpoLoss(type, beta, smoothing), one))
                    .as("seed %d round %d", SEED, round)
                    .isCloseTo(loss(new DpoLoss(DpoLossType.CDPO, beta, smoothing), one), within(1e-9));
        }
    }
}
