package ai.preceptor.train;

import ai.preceptor.lm.PackedBatch;

/** A model with a scalar head in training: packed rows in, one reward an answer out. */
public interface ScalarModel extends Trainable {

    /** Runs the batch and keeps what its backward pass needs until the pass is closed. */
    ScalarForward forward(PackedBatch batch);

    /** One forward pass. */
    interface ScalarForward extends AutoCloseable {

        /** {@code [answers]}: the reward at the last token of each. */
        float[] rewards();

        /**
         * Adds to the model's gradients those of a loss with these derivatives.
         *
         * @param gradient {@code [answers]}: derivative of the loss by each reward
         */
        void backward(float[] gradient);

        @Override
        void close();
    }
}
