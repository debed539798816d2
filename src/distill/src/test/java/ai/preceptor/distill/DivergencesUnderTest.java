package ai.preceptor.distill;

import ai.preceptor.lm.DivergenceKind;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Every divergence, and random logits. */
final class DivergencesUnderTest {
    private DivergencesUnderTest() {}

    /** One of each, with random legal parameters. */
    static List<Divergence> all(Random random) {
        return List.of(
                Divergence.forwardKl(),
                Divergence.reverseKl(),
                Divergence.jsd(random.nextDouble()),
                Divergence.skewForwardKl(random.nextDouble() * 0.9),
                Divergence.skewReverseKl(random.nextDouble() * 0.9),
                Divergence.totalVariation(),
                Divergence.adaptiveKl(random.nextDouble()),
                Divergence.uld());
    }

    /** The same without what needs whole distributions. */
    static List<Divergence> ofTokens(Random random) {
        return all(random).stream()
                .filter(one -> one.kind() != DivergenceKind.RANK_GAP)
                .toList();
    }

    static double[] logits(Random random, int outcomes, double scale) {
        return IntStream.range(0, outcomes)
                .mapToDouble(i -> random.nextGaussian() * scale)
                .toArray();
    }

    /** The divergence of two rows of logits at a temperature. */
    static double of(Divergence divergence, double temperature, double[] teacher, double[] student) {
        return new LogitDivergence(divergence, temperature).evaluate(teacher, student, new double[student.length]);
    }
}
