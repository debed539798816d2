package ai.preceptor.cli.plan;

/**
 * What one way of training needs of each device.
 *
 * @param way how
 * @param models bytes of models
 * @param activations bytes of passes
 * @param cache bytes of keys and values, which are gone when a pass begins
 * @param process bytes without a model
 * @param fits whether it is within the device's memory
 * @param time of an optimizer step
 */
public record PlanRow(
        Way way,
        ModelMemory models,
        ActivationMemory activations,
        long cache,
        long process,
        boolean fits,
        StepTime time) {
    /** Estimates it. */
    public static PlanRow of(Job job, Way way, Machine machine) {
        ModelMemory models = ModelMemory.of(job, way);
        ActivationMemory activations = ActivationMemory.of(job, way);
        long cache = CacheMemory.of(job, way);
        long peak = peak(models, activations, cache, machine.process());
        return new PlanRow(
                way,
                models,
                activations,
                cache,
                machine.process(),
                peak <= machine.memory(),
                StepTime.of(job, way, machine));
    }

    private static long peak(ModelMemory models, ActivationMemory activations, long cache, long process) {
        return process + models.sum() + Math.max(activations.sum(), cache);
    }

    /** Bytes at the peak. */
    public long peak() {
        return peak(models, activations, cache, process);
    }

    /** Bytes that a generator fetches of new weights: those of an adapter in float32, or all in the type of products. */
    public double publishedBytes(Job job) {
        return way.adapter() > 0
                ? 4.0 * way.adapter()
                : (double) job.bytes() * job.student().parameters();
    }
}
