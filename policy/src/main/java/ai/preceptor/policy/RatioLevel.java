package ai.preceptor.policy;

import java.util.Arrays;

/** On what the probability ratio of new to old policy is taken, and so what is clipped as one. */
public enum RatioLevel {
    /** Each token by itself (PPO, GRPO). */
    TOKEN {
        @Override
        double[] pooled(double[] values) {
            return values.clone();
        }
    },
    /** The whole answer: the product of its tokens' ratios (RLOO). */
    SEQUENCE {
        @Override
        double[] pooled(double[] values) {
            return filled(values.length, Arrays.stream(values).sum());
        }
    },
    /** The whole answer, by the geometric mean of its tokens' ratios (GSPO, arXiv:2507.18071, eq. 7). */
    SEQUENCE_MEAN {
        @Override
        double[] pooled(double[] values) {
            return filled(values.length, Arrays.stream(values).sum() / values.length);
        }
    };

    /** Whether all tokens of an answer share one ratio. */
    public boolean isShared() {
        return this != TOKEN;
    }

    /** From each token's log-ratio to the ratio that is used at each token. */
    double[] ratios(double[] logratios) {
        return Arrays.stream(pooled(logratios)).map(Math::exp).toArray();
    }

    /**
     * From derivatives by the logarithm of the ratio used at each token to derivatives by each token's own log-ratio. The
     * pooling is a symmetric linear map, so its transpose is itself.
     */
    double[] spread(double[] slopes) {
        return pooled(slopes);
    }

    abstract double[] pooled(double[] values);

    private static double[] filled(int length, double value) {
        double[] filled = new double[length];
        Arrays.fill(filled, value);
        return filled;
    }
}
