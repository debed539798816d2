package ai.preceptor.lm.engine;

import ai.preceptor.lm.generate.SamplingOptions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The distribution that transformers' warpers leave, written down in float64 as their documentation says it. */
final class ReferenceFilter {
    private ReferenceFilter() {}

    static double[] probabilities(float[] logits, SamplingOptions options) {
        double[] scores = new double[logits.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = logits[i] / options.settings().temperature();
        }
        Integer[] falling = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .toArray(Integer[]::new);
        if (options.settings().topK() > 0 && options.settings().topK() < scores.length) {
            double kth = scores[falling[options.settings().topK() - 1]];
            mask(scores, i -> scores[i] < kth);
        }
        if (options.settings().topP() < 1) {
            double[] p = softmax(scores);
            boolean[] removed = new boolean[p.length];
            double before = 0;
            for (int i : falling) {
                removed[i] = before >= options.settings().topP();
                before += p[i];
            }
            mask(scores, i -> removed[i]);
        }
        double[] p = softmax(scores);
        double top = Arrays.stream(p).max().orElseThrow();
        mask(scores, i -> p[i] < options.settings().minP() * top);
        return softmax(scores);
    }

    private static void mask(double[] scores, IntPredicate removed) {
        boolean[] out = new boolean[scores.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = removed.test(i);
        }
        for (int i = 0; i < out.length; i++) {
            scores[i] = out[i] ? Double.NEGATIVE_INFINITY : scores[i];
        }
    }

    static double[] softmax(double[] scores) {
        double top = Arrays.stream(scores).max().orElseThrow();
        double[] e = Arrays.stream(scores).map(s -> Math.exp(s - top)).toArray();
        double sum = Arrays.stream(e).sum();
        return Arrays.stream(e).map(x -> x / sum).toArray();
    }
}
