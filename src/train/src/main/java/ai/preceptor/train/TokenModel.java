package ai.preceptor.train;

import ai.preceptor.lm.PackedBatch;

/** A language model in training: packed rows in, log-probabilities of their targets out. */
public interface TokenModel extends Trainable {

    /** Runs the batch and keeps what its backward pass needs until the pass is closed. */
    TokenForward forward(PackedBatch batch);

    /** One forward pass. */
    interface TokenForward extends AutoCloseable {

        /** {@code [targets]}: log-probability of each target in nats. */
        float[] logprobs();

        /**
         * Adds to the model's gradients those of a loss with these derivatives.
         *
         * @param gradient {@code [targets]}: derivative of the loss by each log-probability
         */
        void backward(float[] gradient);

        @Override
        void close();
    }
}
