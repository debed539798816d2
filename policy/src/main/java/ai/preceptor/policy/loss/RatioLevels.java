package ai.preceptor.policy.loss;

import java.util.Arrays;

/** The ratio levels of the known methods. */
public enum RatioLevels implements RatioLevel {
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

    @Override
    public boolean isShared() {
        return this != TOKEN;
    }

    @Override
    public double[] ratios(double[] logratios) {
        return Arrays.stream(pooled(logratios)).map(Math::exp).toArray();
    }

    /** The pooling is a symmetric linear map, so its transpose is itself. */
    @Override
    public double[] spread(double[] slopes) {
        return pooled(slopes);
    }

    abstract double[] pooled(double[] values);

    private static double[] filled(int length, double value) {
        double[] filled = new double[length];
        Arrays.fill(filled, value);
        return filled;
    }
}
