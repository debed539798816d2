package ai.preceptor.cli.plan;

import ai.preceptor.lm.weights.Precision;

/**
 * Bytes of models and of what their training adds. Weights that are trained are float32; with bfloat16 a copy of two bytes
 * serves matrix products. Frozen weights are in the type of matrix products alone. A gradient is float32, and AdamW holds two
 * moments of float32.
 *
 * @param weights of the student and its adapter
 * @param gradients of what is trained
 * @param states the optimizer's, on one learner
 * @param reference frozen copy of the student
 * @param critic second trained model: its weights, gradients and states
 * @param teacher further frozen model
 */
public record ModelMemory(long weights, long gradients, long states, long reference, long critic, long teacher) {
    private static final long FLOAT = 4;
    private static final long MOMENTS = 2 * FLOAT;

    /** Of a job that is trained in one way. */
    public static ModelMemory of(Job job, Way way) {
        long trained = way.trained(job.student());
        long weights = weights(job, way);
        long gradients = FLOAT * trained;
        long states = MOMENTS * trained / (way.sharded() ? way.learners() : 1);
        // Beside an adapter the reference is the base.
        boolean copied = job.reference() && way.adapter() == 0;
        long reference =
                copied ? (job.exact() ? FLOAT : job.bytes()) * job.student().parameters() : 0;
        long critic = job.critic() ? weights + gradients + states : 0;
        long teacher = job.teacher() == null ? 0 : job.bytes() * job.teacher().parameters();
        return new ModelMemory(weights, gradients, states, reference, critic, teacher);
    }

    private static long weights(Job job, Way way) {
        long trained = FLOAT + (job.precision() == Precision.FLOAT32 ? 0 : job.bytes());
        return way.adapter() == 0
                ? trained * job.student().parameters()
                : job.bytes() * job.student().parameters() + trained * way.adapter();
    }

    /** All of it. */
    public long sum() {
        return weights + gradients + states + reference + critic + teacher;
    }
}
