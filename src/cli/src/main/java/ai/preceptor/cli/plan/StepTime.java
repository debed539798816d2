package ai.preceptor.cli.plan;

/**
 * Seconds of an optimizer step by part. Passes are bound by operations, the optimizer by memory, steps of generation by the
 * larger of both.
 *
 * @param training forward and backward passes of the student, and of a critic
 * @param frozen forward passes of the reference and the teacher
 * @param rollout writing the answers
 * @param optimizer AdamW over what is trained
 * @param exchange sum of gradients over learners
 */
public record StepTime(double training, double frozen, double rollout, double optimizer, double exchange) {
    /** AdamW reads weight, gradient and two moments of four bytes and writes all but the gradient. */
    private static final long OPTIMIZER_BYTES = 28;

    private static final long FLOAT = 4;

    /** Of a job that is trained in one way. */
    public static StepTime of(Job job, Way way, Machine machine) {
        long batches = share(job.microBatches(), way.learners());
        double models = job.critic() ? 2 : 1;
        double trained = way.trained(job.student()) * models;
        double forward = forward(job.student(), job.batch());
        boolean exact = job.exact() && way.adapter() == 0;
        double forwards = way.checkpointing() ? 2 : 1;
        double backwards = way.adapter() > 0 ? 1 : 2; // frozen weights have no gradient
        double training = pass(machine, exact, forwards * forward)
                + machine.compute(
                        backwards * forward + 6.0 * way.adapter() * job.batch().tokens());
        // Each learner computes what is frozen for all rows of a step (docs/learners.md).
        double frozen = pass(machine, exact, job.reference() ? forward : 0)
                + machine.compute(job.teacher() == null ? 0 : forward(job.teacher(), job.batch()));
        double states = trained / (way.sharded() ? way.learners() : 1);
        return new StepTime(
                batches * training * models,
                job.microBatches() * frozen,
                job.rollouts() ? rollout(job, (double) batches, machine) : 0,
                machine.read(OPTIMIZER_BYTES * states),
                exchange(way, FLOAT * trained, machine));
    }

    private static double pass(Machine machine, boolean exact, double operations) {
        return exact ? machine.computeExactly(operations) : machine.compute(operations);
    }

    /** Gradients are summed; where states are divided, the others' rows of the weights are taken too. */
    private static double exchange(Way way, double bytes, Machine machine) {
        return machine.sum(bytes, way.learners()) + (way.sharded() ? machine.gather(bytes, way.learners()) : 0);
    }

    /** Micro-batches of the learner that has most. */
    static long share(long microBatches, int learners) {
        return (microBatches + learners - 1) / learners;
    }

    /**
     * Operations of a forward pass: {@code 2 N} a token for the layers' matrices, the same for the head of each target, and
     * scores and sums of attention.
     */
    static double forward(ModelSize model, Batch batch) {
        return 2.0 * model.matrices() * batch.tokens()
                + 2.0 * model.head() * batch.targets()
                + 4.0 * model.config().layers() * model.queryWidth() * batch.pairs();
    }

    /** All answers grow together, a token each at a time; a step reads the weights and what is cached. */
    static double rollout(Job job, double batches, Machine machine) {
        Batch batch = job.batch();
        ModelSize model = job.student();
        double rows = batches * batch.prompts() * batch.answers();
        double cached =
                CacheMemory.perToken(model, job.bytes()) * rows * (batch.promptLength() + batch.answerLength() / 2.0);
        double reading = machine.read(job.bytes() * model.parameters() + cached);
        double computing = machine.compute(2.0 * (model.matrices() + model.head()) * rows);
        double prompts = machine.compute(2.0 * model.matrices() * batches * batch.prompts() * batch.promptLength());
        return prompts + batch.answerLength() * Math.max(reading, computing);
    }

    /**
     * Share of a step's rollout that a request for a part of its prompts takes beside its own part of the rest: {@code f} in
     * {@code time(part) = time(1) (f + (1 - f) part)}.
     *
     * @param part of a step's prompts, in (0, 1]
     */
    public static double fixedRollout(Job job, Machine machine, double part) {
        if (part >= 1) {
            return 0;
        }
        double ratio = rollout(job, part * job.microBatches(), machine) / rollout(job, job.microBatches(), machine);
        return Math.max(0, Math.min(1, (ratio - part) / (1 - part)));
    }

    /** The whole step. */
    public double sum() {
        return training + frozen + rollout + optimizer + exchange;
    }
}
