package ai.preceptor.cli.plan;

/** Bytes of keys and values while the student writes a step's answers. */
public final class CacheMemory {
    private CacheMemory() {}

    /** A prompt's are there once for all its answers; all answers of a learner's share of the step are written at a time. */
    public static long of(Job job, Way way) {
        if (!job.rollouts()) {
            return 0;
        }
        long batches = StepTime.share(job.microBatches(), way.learners());
        return perToken(job.student(), job.bytes()) * job.batch().tokens() * batches;
    }

    /** Of one token in all layers. */
    static long perToken(ModelSize model, long bytes) {
        return bytes * model.config().layers() * model.keyValueWidth();
    }
}
