package ai.preceptor.policy;

import ai.preceptor.policy.kl.KlController;
import ai.preceptor.train.Metric;
import ai.preceptor.train.rows.MicroBatch;
import ai.preceptor.train.rows.StepRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One batch of experience and the optimizer steps that train on it.
 *
 * @param start what it was gathered with
 * @param experiences answers that can be learnt from, groups together; empty when there are no more prompts
 * @param cursor place of the first prompt after it
 * @param version of the weights that sampled last; above the start's where a whole batch taught nothing
 * @param entropy mean of what the sampler's log-probabilities tell of the entropy, in nats a token; not a number if empty
 * @param next the KL's coefficient after it
 * @param metrics of the batch, by their names on the metrics page
 */
record ExperienceBatch(
        BatchOrigin start,
        List<Experience> experiences,
        long cursor,
        long version,
        double entropy,
        KlController next,
        Map<String, Metric> metrics) {

    ExperienceBatch {
        experiences = List.copyOf(experiences);
    }

    /** The first step that is not of this phase; no run has more than an int of them. */
    int end(PolicyPlan plan) {
        long end = start.step() + (long) plan.iterations() * plan.stepsPerPass(experiences.size());
        return (int) Math.min(Integer.MAX_VALUE, end);
    }

    /** What the next phase starts with. */
    BatchOrigin following(int step) {
        return new BatchOrigin(
                step, cursor, Math.max(step, version + 1), next, start.entropy().after(entropy));
    }

    /** The rows of a step of this phase, in the order of the batch in every pass. */
    StepRows<Experience> rows(int step, PolicyPlan plan) {
        double done = (double) (step + 1 - start.step()) / (end(plan) - start.step());
        double epoch = (start.cursor() + (cursor - start.cursor()) * done) / plan.prompts();
        int perPass = plan.stepsPerPass(experiences.size());
        int from = (step - start.step()) % perPass * plan.rowsPerStep();
        int to = from + Math.min(experiences.size() - from, plan.rowsPerStep());
        List<MicroBatch<Experience>> batches = new ArrayList<>();
        for (int at = from, until; at < to; at = until) {
            until = at + Math.min(to - at, plan.rowsTogether());
            List<Integer> places = IntStream.range(at, until).boxed().toList();
            batches.add(new MicroBatch<>(experiences.subList(at, until), places));
        }
        return new StepRows<>(batches, epoch);
    }
}
