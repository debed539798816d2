package ai.preceptor.ranking.online;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.train.Metric;
import ai.preceptor.train.rows.MicroBatch;
import ai.preceptor.train.rows.RowSource;
import ai.preceptor.train.rows.StepRows;
import ai.preceptor.train.sampling.Groups;
import ai.preceptor.train.sampling.PolicySampler;
import ai.preceptor.train.sampling.RolloutStatistics;
import ai.preceptor.train.sampling.SampleLine;
import ai.preceptor.train.sampling.ScoreStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training loop's rows where preferences are learnt online: for every step answers are sampled from the policy as it is,
 * scored, selected, and learnt from once.
 *
 * <p>Prompts whose answers teach nothing (fewer than two with a score, all the same, all of one score) are left out and counted,
 * and more are sampled until the step has its rows. When the batches for that are used up, a step learns from what there is;
 * if that is nothing, the run ends. What is more than a step needs is left out too, since by the next one it would be old.
 * Each batch has a version of the weights of its own, as in {@code policy}: staleness counts batches.
 *
 * <p>A run that is stopped and resumed equals one that was not, as far as its sampler repeats itself. The loop's thread uses it;
 * {@link OnlinePass} goes with it.
 *
 * @param <R> type of a row of the method's objective
 */
public final class OnlineRows<R> implements RowSource<SampledRow<R>>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OnlineRows.class);

    private final OnlinePlan plan;
    private final OnlineMethod<R> method;
    private final AnswerSelection selection;
    private final OnlinePorts ports;
    private @Nullable PolicySampler sampler;
    private @Nullable OnlineState state;
    /** Whether {@link #state} is from a checkpoint, which may have been written before its step was done. */
    private boolean restored;

    private Map<String, Metric> unreported = Map.of();

    /**
     * Rows from the beginning.
     *
     * @param plan sizes
     * @param method what learns from them
     * @param missingEosPenalty subtracted from the score of an answer without an end token, 0 or more
     * @param ports the services it depends on; the sampler is closed with this
     */
    public OnlineRows(OnlinePlan plan, OnlineMethod<R> method, double missingEosPenalty, OnlinePorts ports) {
        this.plan = plan;
        this.method = method;
        this.selection = new AnswerSelection(method.selection(), missingEosPenalty);
        this.ports = ports;
    }

    /**
     * Samples the rows of a step; fewer, or none, if a stop was asked for meanwhile.
     *
     * @throws ScorerException if no prompt of all batches that may be sampled can be learnt from
     * @throws RuntimeException what the sampler throws
     */
    @Override
    public StepRows<SampledRow<R>> at(int step) {
        OnlineState was = state;
        OnlineState start = was == null
                ? OnlineState.beginning(step)
                : restored && was.step() == step ? was.restarted() : was.following(step);
        restored = false;
        PolicySampler open = sampler;
        if (open == null) {
            open = ports.sampler().open(start.cursor(), start.version());
            sampler = open;
        } else {
            open.publish(start.version());
        }
        Collected collected = new Collected(start);
        collected.fill(open);
        OnlineState now = start.sampled(open.cursor(), collected.version, collected.counts);
        state = now;
        unreported = collected.metrics();
        double epoch = (double) now.nextCursor() / plan.prompts();
        return collected.used.isEmpty() ? StepRows.exhausted(epoch) : new StepRows<>(batches(collected.used), epoch);
    }

    private List<MicroBatch<SampledRow<R>>> batches(List<List<Trajectory>> groups) {
        List<SampledRow<R>> rows = method.rows(groups);
        List<MicroBatch<SampledRow<R>>> batches = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += plan.rowsTogether()) {
            int to = Math.min(rows.size(), from + plan.rowsTogether());
            batches.add(new MicroBatch<>(
                    rows.subList(from, to), IntStream.range(from, to).boxed().toList()));
        }
        return batches;
    }

    /** The metrics of the last step's sampling, once. */
    Map<String, Metric> takeMetrics() {
        Map<String, Metric> taken = sampler == null || sampler.reports() ? unreported : Map.of();
        unreported = Map.of();
        return taken;
    }

    /** Name of what scores. */
    String scorer() {
        return ports.scorer();
    }

    /** What was taken in the run, by this process and those before it. */
    public OnlineCounts counts() {
        return state == null ? OnlineCounts.NONE : state.after();
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

    @Override
    public void saveState(Path checkpoint) {
        if (state != null) {
            state.write(checkpoint);
        }
    }

    @Override
    public void loadState(Path checkpoint) {
        state = OnlineState.read(checkpoint);
        restored = true;
    }

    /** Closes the sampler. */
    @Override
    public void close() {
        if (sampler != null) {
            sampler.close();
        }
    }

    /** What is gathered for one step. */
    private final class Collected {
        private final OnlineState start;
        private final List<List<Trajectory>> used = new ArrayList<>();
        private final Map<AnswerSelection.Outcome, Integer> outcomes = new LinkedHashMap<>();
        private Map<String, Metric> sampling = new LinkedHashMap<>();
        private OnlineCounts counts;
        private long version;
        private @Nullable String problem;

        Collected(OnlineState start) {
            this.start = start;
            this.counts = start.before();
            this.version = start.version();
        }

        void fill(PolicySampler source) {
            for (int batches = 1; ; batches++) {
                long began = ports.nanoClock().getAsLong();
                List<Trajectory> round = source.next(plan.promptsPerStep());
                double seconds = (ports.nanoClock().getAsLong() - began) * 1e-9;
                if (round.isEmpty()) {
                    return;
                }
                sampling = Metric.merge(sampling, Map.of("sampling_time", Metric.mean(seconds, 1)));
                sampling = Metric.merge(sampling, statistics(round));
                groups(round).forEach(this::take);
                if (used.size() == plan.promptsPerStep() || batches == plan.mostBatches()) {
                    sampling.put("sampling_batches", Metric.mean(batches, 1));
                    requireSome(batches);
                    return;
                }
                if (ports.stopping().getAsBoolean()) {
                    return; // the resumed run samples this step again, from its first prompt
                }
                source.publish(++version); // between batches always, though these weights are the same
            }
        }

        private void take(List<Trajectory> group) {
            AnswerSelection.Selected selected = selection.of(group);
            boolean taken = selected.outcome() == AnswerSelection.Outcome.USED;
            boolean surplus = taken && used.size() == plan.promptsPerStep();
            String outcome = surplus ? "surplus" : selected.outcome().name().toLowerCase(Locale.ROOT);
            Set<Completion> learnt = Collections.newSetFromMap(new IdentityHashMap<>());
            if (!surplus) {
                selected.answers().forEach(one -> learnt.add(one.completion()));
            }
            int unscored = 0;
            for (Trajectory one : group) {
                tell(one, learnt.contains(one.completion()), outcome);
                unscored += one.score().isScored() ? 0 : 1;
                problem = problem == null ? one.score().problem() : problem;
            }
            outcomes.merge(selected.outcome(), 1, Integer::sum);
            counts = counts.plus(selected.outcome(), surplus, group.size(), unscored);
            if (taken && !surplus) {
                used.add(selected.answers());
            }
        }

        private void tell(Trajectory one, boolean isUsed, String outcome) {
            Map<String, @Nullable Object> learnt = new LinkedHashMap<>();
            learnt.put("used", isUsed);
            learnt.put("outcome", outcome);
            ports.samples().accept(new SampleLine(start.step() + 1, one, learnt).toRow());
        }

        private void requireSome(int batches) {
            if (used.isEmpty()) {
                throw new ScorerException(ports.scorer() + ": after " + batches
                        + " batches (max_num_gen_batches) no prompt had two answers of unequal score: " + told()
                        + " of the prompts" + (problem == null ? "" : "; the first problem: " + problem));
            }
            if (used.size() < plan.promptsPerStep()) {
                LOG.warn(
                        "step {}: learns from {} prompts of {}: after {} batches (max_num_gen_batches) the prompts were {}",
                        start.step() + 1,
                        used.size(),
                        plan.promptsPerStep(),
                        batches,
                        told());
            }
        }

        /** How many prompts of each outcome. */
        private String told() {
            return outcomes.entrySet().stream()
                    .map(entry -> entry.getValue() + " " + KeyName.of(entry.getKey()))
                    .collect(Collectors.joining(", "));
        }

        private Map<String, Metric> metrics() {
            Map<String, Metric> all = new LinkedHashMap<>(sampling);
            double prompts = outcomes.values().stream().mapToInt(count -> count).sum();
            if (prompts > 0) {
                all.put("frac_groups_skipped", Metric.mean(prompts - used.size(), prompts));
                all.put("frac_groups_tied", share(AnswerSelection.Outcome.TIE, prompts));
                all.put("frac_groups_repeated", share(AnswerSelection.Outcome.REPEATED, prompts));
            }
            ports.scoring().get().forEach((name, value) -> all.put(name, Metric.mean(value.doubleValue(), 1)));
            for (List<Trajectory> group : used) {
                double[] scores =
                        group.stream().mapToDouble(one -> one.score().value()).toArray();
                double margin = Arrays.stream(scores).max().orElseThrow()
                        - Arrays.stream(scores).min().orElseThrow();
                all.merge("objective/scores_margin", Metric.mean(margin, 1), Metric::merge);
            }
            return all;
        }

        private Metric share(AnswerSelection.Outcome outcome, double prompts) {
            return Metric.mean(outcomes.getOrDefault(outcome, 0), prompts);
        }

        private Map<String, Metric> statistics(List<Trajectory> round) {
            List<Score> scores = round.stream().map(Trajectory::score).toList();
            double[] values = scores.stream().mapToDouble(Score::value).toArray();
            int[] members = round.stream().mapToInt(Trajectory::group).toArray();
            Map<String, Metric> metrics = new LinkedHashMap<>(RolloutStatistics.of(round, Groups.of(values, members)));
            metrics.putAll(ScoreStatistics.of(ports.scorer(), scores));
            return metrics;
        }
    }

    private static Collection<List<Trajectory>> groups(List<Trajectory> round) {
        Map<Integer, List<Trajectory>> groups = new LinkedHashMap<>();
        round.forEach(one ->
                groups.computeIfAbsent(one.group(), group -> new ArrayList<>()).add(one));
        return groups.values();
    }
}
