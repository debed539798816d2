package ai.preceptor.reward.process;

import java.util.Arrays;

/** How the probabilities that the steps of an answer are right become one score of the answer. */
public enum StepAggregation {
    /** The least: an answer is as good as its worst step (Wang et al. 2023, Math-Shepherd, arXiv:2312.08935). */
    MIN {
        @Override
        public double of(double[] steps) {
            return Arrays.stream(steps).min().orElseThrow();
        }
    },
    /** The product: the probability that all are right (Lightman et al. 2023, arXiv:2305.20050, 2.6). Less for more steps. */
    PRODUCT {
        @Override
        public double of(double[] steps) {
            return Arrays.stream(steps).reduce(1, (a, b) -> a * b);
        }
    },
    /** The sum. More for more steps: a policy that is paid so learns to write many. */
    SUM {
        @Override
        public double of(double[] steps) {
            return Arrays.stream(steps).sum();
        }
    },
    /** The mean. */
    MEAN {
        @Override
        public double of(double[] steps) {
            return Arrays.stream(steps).average().orElseThrow();
        }
    },
    /** That of the last step, the one that sees the whole answer (Snell et al. 2024, arXiv:2408.03314, 5.1). */
    LAST {
        @Override
        public double of(double[] steps) {
            return steps[steps.length - 1];
        }
    };

    /**
     * The score of an answer.
     *
     * @param steps probability of each step, at least one
     */
    public abstract double of(double[] steps);
}
