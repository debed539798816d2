package ai.preceptor.policy;

import ai.preceptor.policy.kl.KlController;
import ai.preceptor.train.Metric;
import ai.preceptor.train.rows.RowSource;
import ai.preceptor.train.rows.StepRows;
import ai.preceptor.train.sampling.PolicySampler;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The training loop's rows when the policy makes them itself: complete groups are sampled and scored, compared with the
 * frozen reference, and turned into advantages; then they are walked for some optimizer steps; then the new weights are
 * published and the next batch is sampled.
 *
 * <p>Left out of the steps and counted: answers without a score, and prompts with too few scored answers. A run that is
 * stopped and resumed, between batches or within one, equals one that was not, as far as its sampler repeats itself.
 *
 * <p>The loop's thread uses it. {@link PolicyPass} goes with it.
 */
public final class PolicyLearner implements RowSource<Experience>, AutoCloseable {
    private final PolicyPlan plan;
    private final CreditConfig recipe;
    private final LearnerPorts ports;
    private final ExperienceCollector collector;
    private @Nullable PolicySampler sampler;
    private @Nullable ExperienceBatch phase;
    /** Whether {@link #phase} is from a checkpoint, which may have been written before its first step was done. */
    private boolean restored;

    /** What was taken before {@link #phase}, and with it. */
    private LearnerCounts before = LearnerCounts.NONE;

    private LearnerCounts after = LearnerCounts.NONE;

    private Map<String, Metric> unreported = Map.of();

    /**
     * A learner at the beginning.
     *
     * @param plan sizes
     * @param recipe what is made of scores
     * @param ports the services it depends on; the sampler is opened with the first batch and closed with this
     * @throws IllegalArgumentException if the recipe's coefficient is above 0 and there is no reference
     */
    public PolicyLearner(PolicyPlan plan, CreditConfig recipe, LearnerPorts ports) {
        if (recipe.kl().beta() > 0 && ports.reference() == null) {
            throw new IllegalArgumentException("beta: " + recipe.kl().beta() + ", but there is no reference");
        }
        this.plan = plan;
        this.recipe = recipe;
        this.ports = ports;
        this.collector = new ExperienceCollector(plan, recipe, ports);
    }

    /**
     * The rows of a step; samples them first if the step begins a batch.
     *
     * @throws ai.preceptor.data.ScorerException if too many batches in a row teach nothing
     * @throws RuntimeException what the sampler throws
     */
    @Override
    public StepRows<Experience> at(int step) {
        ExperienceBatch current = phase;
        if (current == null) {
            current = begin(new BatchOrigin(step, 0, step, recipe.kl(), recipe.entropy()));
        } else if (restored && step == current.start().step()) {
            collector.countFrom(before); // it is gathered again
            current = begin(current.start());
        } else if (step >= current.end(plan)) {
            current = begin(current.following(step));
        }
        restored = false;
        return current.experiences().isEmpty()
                ? StepRows.exhausted((double) current.cursor() / plan.prompts())
                : current.rows(step, plan);
    }

    private ExperienceBatch begin(BatchOrigin start) {
        PolicySampler open = sampler;
        long began = ports.nanoClock().getAsLong();
        if (open == null) {
            open = ports.sampler().open(start.cursor(), start.version());
            sampler = open;
        } else {
            open.publish(start.version());
        }
        double seconds = (ports.nanoClock().getAsLong() - began) * 1e-9;
        LearnerCounts taken = collector.counts();
        ExperienceBatch gathered = collector.collect(start, open);
        phase = gathered;
        before = taken;
        after = collector.counts();
        unreported = Metric.merge(Map.of("publication_time", Metric.mean(seconds, 1)), gathered.metrics());
        return gathered;
    }

    /** The coefficient of the KL term in the loss for the batch at hand. */
    double lossBeta() {
        KlController now = phase == null ? recipe.kl() : phase.start().kl();
        return recipe.placement().lossBeta(now.beta());
    }

    /** The coefficient of the entropy in the loss for the batch at hand. */
    double entropyCoefficient() {
        return phase == null ? 0 : phase.start().entropy().coefficient(phase.entropy());
    }

    /** The batch's metrics, once: they belong to the first step that learns from it. */
    Map<String, Metric> takeMetrics() {
        Map<String, Metric> taken = sampler == null || sampler.reports() ? unreported : Map.of();
        unreported = Map.of();
        return taken;
    }

    /** What was taken in the run, by this process and those before it. */
    public LearnerCounts counts() {
        return collector.counts();
    }

    @Override
    public int stepsPerEpoch() {
        return plan.stepsPerEpoch();
    }

    @Override
    public Map<String, String> identity() {
        return Map.of(
                "prompts", Integer.toString(plan.prompts()),
                "prompts_checksum", Long.toHexString(plan.promptsChecksum()));
    }

    /** What is made of scores, by name. */
    Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("advantages", recipe.credit().name());
        parts.put("kl_controller", recipe.kl().name());
        parts.put("importance_sampling", recipe.importance().name());
        parts.put("entropy_controller", recipe.entropy().name());
        parts.put("reward_shaping", recipe.shaping().name());
        parts.put("scorer", recipe.rewardName());
        if (ports.distillation() != null) {
            parts.put("distillation", ports.distillation().name());
        }
        return parts;
    }

    @Override
    public void saveState(Path checkpoint) {
        if (phase != null) {
            new LearnerState(checkpoint).write(new LearnerState.Counted(phase, before, after));
        }
    }

    @Override
    public void loadState(Path checkpoint) {
        LearnerState.Counted counted = new LearnerState(checkpoint).read(recipe.kl(), recipe.entropy());
        if (counted != null) {
            phase = counted.phase();
            before = counted.before();
            after = counted.after();
            collector.countFrom(after);
        }
        restored = true;
    }

    /** Closes the sampler. */
    @Override
    public void close() {
        if (sampler != null) {
            sampler.close();
        }
    }
}
