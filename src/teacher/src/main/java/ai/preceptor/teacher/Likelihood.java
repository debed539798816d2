package ai.preceptor.teacher;

/** How the log-probabilities of an answer's tokens become one number. */
public enum Likelihood {

    /** Their mean, in nats per token: favours neither short nor long answers by itself. */
    MEAN {
        @Override
        double of(float[] logprobs) {
            return SUM.of(logprobs) / logprobs.length;
        }
    },

    /** Their sum, in nats: the log-probability of the answer. A longer answer can only be less likely. */
    SUM {
        @Override
        double of(float[] logprobs) {
            double sum = 0;
            for (float value : logprobs) {
                sum += value;
            }
            return sum;
        }
    };

    /**
     * The number.
     *
     * @param logprobs {@code [tokens]}, at least one
     */
    abstract double of(float[] logprobs);
}
