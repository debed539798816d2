package ai.preceptor.policy;

import ai.preceptor.data.Score;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.credit.GreedyScores;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.opd.DistilledAnswer;
import ai.preceptor.policy.opd.TeacherTerms;
import ai.preceptor.policy.reward.DynamicSampling;
import ai.preceptor.policy.reward.NoReward;
import ai.preceptor.policy.reward.RewardBatch;
import ai.preceptor.train.Metric;
import ai.preceptor.train.sampling.PolicySampler;
import ai.preceptor.train.sampling.ScoreStatistics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects batches of experience: samples, reference log-probabilities and advantages; logs the time they take. */
final class ExperienceCollector {
    private static final Logger LOG = LoggerFactory.getLogger(ExperienceCollector.class);

    /** Batches in a row that may teach nothing before the run ends: one is chance, so many are a broken scorer. */
    static final int MOST_BARREN = 8;

    private final PolicyPlan plan;
    private final CreditConfig recipe;
    private final LearnerPorts ports;
    private final AnswerMeasurement measurement;
    private final ExperienceMaker maker;
    private LearnerCounts counts = LearnerCounts.NONE;

    ExperienceCollector(PolicyPlan plan, CreditConfig recipe, LearnerPorts ports) {
        this.plan = plan;
        this.recipe = recipe;
        this.ports = ports;
        this.measurement = new AnswerMeasurement(plan, recipe, ports);
        this.maker = new ExperienceMaker(recipe.credit(), recipe.rewardKl());
    }

    LearnerCounts counts() {
        return counts;
    }

    /** Goes on counting from there. */
    void countFrom(LearnerCounts taken) {
        counts = taken;
    }

    /**
     * Gathers the next batch. A batch in which no prompt has enough scored answers is counted, and the next one taken, unless a
     * stop was asked for: then there is none.
     *
     * @param sampler stands at the start's prompt, with the start's weights
     * @throws ScorerException if too many batches in a row teach nothing; it names the first problem
     */
    ExperienceBatch collect(BatchOrigin start, PolicySampler sampler) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        KlController kl = start.kl();
        long version = start.version();
        String problem = "";
        for (int barren = 0; barren < MOST_BARREN; barren++) {
            long began = ports.nanoClock().getAsLong();
            Sampled taken = sample(start, sampler, version);
            version = taken.version();
            List<Trajectory> trajectories = taken.answers();
            double seconds = (ports.nanoClock().getAsLong() - began) * 1e-9;
            if (trajectories.isEmpty()) {
                return none(start, sampler, version, kl, metrics);
            }
            metrics = Metric.merge(metrics, Map.of("sampling_time", Metric.mean(seconds, 1)));
            metrics = Metric.merge(metrics, taken.metrics());
            Gathered gathered = gather(start, trajectories);
            metrics = Metric.merge(metrics, gathered.metrics());
            kl = kl.after(gathered.kl(), trajectories.size());
            if (!gathered.usable().isEmpty()) {
                return new ExperienceBatch(
                        start, gathered.usable(), sampler.cursor(), version, gathered.entropy(), kl, metrics);
            }
            problem = problem.isEmpty() ? gathered.problem() : problem;
            LOG.warn("step {}: nothing to learn from: {}", start.step() + 1, gathered.problem());
            if (ports.stopping().getAsBoolean()) {
                return none(start, sampler, version, kl, metrics);
            }
            sampler.publish(++version);
        }
        throw new ScorerException(recipe.rewardName() + ": in " + MOST_BARREN
                + " batches in a row no prompt had enough scored answers to learn from; the first problem: " + problem);
    }

    private static ExperienceBatch none(
            BatchOrigin start, PolicySampler sampler, long version, KlController kl, Map<String, Metric> metrics) {
        return new ExperienceBatch(start, List.of(), sampler.cursor(), version, Double.NaN, kl, metrics);
    }

    /** The next batch: as it comes, or until there are enough prompts whose answers differ in score. */
    private Sampled sample(BatchOrigin start, PolicySampler sampler, long version) {
        if (plan.genBatches() == 0) {
            return new Sampled(sampler.next(plan.promptsPerBatch()), version, Map.of());
        }
        List<List<Trajectory>> kept = new ArrayList<>();
        int passed = 0;
        int groups = 0;
        int batches = 0;
        long now = version;
        while (true) {
            List<Trajectory> round = sampler.next(plan.promptsPerBatch());
            DynamicSampling sorted = DynamicSampling.of(round);
            passed += sorted.passed().size();
            groups += sorted.passed().size() + sorted.dropped().size();
            batches++;
            sorted.dropped().forEach(group -> drop(start, group));
            for (List<Trajectory> group : sorted.passed()) {
                if (kept.size() < plan.promptsPerBatch()) {
                    kept.add(group);
                } else {
                    drop(start, group); // the batch is full, and by the next one these would be old
                }
            }
            if (round.isEmpty() || kept.size() == plan.promptsPerBatch()) {
                break;
            }
            if (batches == plan.genBatches()) {
                throw new ScorerException(recipe.rewardName() + ": after " + batches
                        + " batches (max_num_gen_batches) only " + kept.size() + " of " + plan.promptsPerBatch()
                        + " prompts had answers of unequal score; dynamic_sampling needs prompts that are neither too easy"
                        + " nor too hard, more answers to each, or a higher limit, with which the run can be resumed");
            }
            if (ports.stopping().getAsBoolean()) {
                return new Sampled(List.of(), now, Map.of()); // the resumed run samples from the first prompt again
            }
            sampler.publish(++now);
        }
        Map<String, Metric> metrics = new LinkedHashMap<>(); // in the order of the lines, always the same
        if (groups > 0) {
            metrics.put("dynamic_sampling/pass_rate", Metric.mean(passed, groups));
            metrics.put("dynamic_sampling/batches", Metric.mean(batches, 1));
        }
        return new Sampled(numbered(kept), now, metrics);
    }

    /** Groups of several batches, each with a number of its own. */
    private static List<Trajectory> numbered(List<List<Trajectory>> groups) {
        List<Trajectory> all = new ArrayList<>();
        for (int group = 0; group < groups.size(); group++) {
            for (Trajectory one : groups.get(group)) {
                all.add(new Trajectory(
                        one.prompt(), one.promptIds(), one.completion(), group, one.policyVersion(), one.score()));
            }
        }
        return all;
    }

    /** Tells and counts a prompt that is not learnt from. */
    private void drop(BatchOrigin start, List<Trajectory> group) {
        int unscored = 0;
        for (Trajectory one : group) {
            float[] logps = one.completion().logprobs();
            Experience unused = new Experience(one, logps, null, new double[logps.length]);
            keep(new SampleRow(start.step() + 1, unused, false));
            unscored += one.score().isScored() ? 0 : 1;
        }
        counts = counts.plus(new LearnerCounts(group.size(), unscored, 1, 1));
    }

    private Gathered gather(BatchOrigin start, List<Trajectory> sampled) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        RewardBatch shaped = recipe.shaping().shape(RewardBatch.of(sampled));
        List<MeasuredAnswer> answers = measurement.of(sampled, shaped.counted(), metrics);
        double beta = start.kl().beta();
        GreedyScores greedy = ports.greedy() == null
                ? null
                : GreedyScores.of(
                        sampled,
                        ports.greedy(),
                        ones -> recipe.shaping().shape(RewardBatch.of(ones)).rewards());
        ExperienceMaker.Batch batch = maker.make(
                answers,
                shaped.rewards(),
                recipe.placement().rewardBeta(beta),
                greedy == null ? null : greedy.of(sampled));
        Set<Integer> teaching = teachingGroups(sampled);
        if (greedy != null) {
            teaching.removeIf(group -> Double.isNaN(greedy.of(group)));
            metrics.put("reward_greedy", greedy.mean());
        }
        Predicate<Experience> learnt = one -> one.counts() && isUsed(one, teaching);
        List<Experience> experiences = distilled(batch.experiences(), learnt, metrics);
        List<Experience> usable = new ArrayList<>();
        List<float[]> entropies = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Experience experience = experiences.get(i);
            keep(new SampleRow(start.step() + 1, experience, learnt.test(experience)));
            if (isUsed(experience, teaching)) {
                usable.add(experience);
                float[] own = answers.get(i).entropies();
                entropies.add(own == null ? new float[0] : own);
            }
        }
        metrics.putAll(batch.metrics());
        metrics.putAll(shaped.metrics());
        count(sampled, teaching, metrics);
        if (ports.reference() != null) {
            metrics.put("beta", Metric.mean(beta, 1));
        }
        NoReward.hide(recipe.rewardName(), metrics);
        return new Gathered(
                measurement.selected(usable, entropies),
                metrics,
                batch.kl(),
                entropy(sampled),
                firstProblem(
                        sampled, greedy == null ? List.of() : greedy.byGroup().values()));
    }

    private void keep(SampleRow sample) {
        Map<String, @Nullable Object> row = sample.toRow();
        if (NoReward.isOf(recipe.rewardName())) {
            row.remove("score"); // else it would be learnt from as one, if the file is
        }
        ports.samples().accept(row);
    }

    private static boolean isUsed(Experience experience, Set<Integer> teaching) {
        Trajectory one = experience.trajectory();
        return one.score().isScored() && teaching.contains(one.group());
    }

    /** The same with what a teacher of distillation adds to the advantages of those that are learnt from. */
    private List<Experience> distilled(
            List<Experience> made, Predicate<Experience> learnt, Map<String, Metric> metrics) {
        TeacherTerms terms = ports.distillation();
        List<Experience> asked = made.stream().filter(learnt).toList();
        if (terms == null || asked.isEmpty()) {
            return made;
        }
        long began = ports.nanoClock().getAsLong();
        List<DistilledAnswer> answers = terms.of(
                asked.stream().map(Experience::trajectory).toList(),
                asked.stream().map(Experience::oldLogps).toList());
        metrics.put("teacher_time", Metric.mean((ports.nanoClock().getAsLong() - began) * 1e-9, 1));
        metrics.putAll(DistilledAnswer.metrics(answers));
        Iterator<DistilledAnswer> next = answers.iterator();
        return made.stream()
                .map(one -> learnt.test(one) ? one.with(next.next().added(one.advantages())) : one)
                .toList();
    }

    /** What the sampler's log-probabilities tell of its entropy: unbiased, in nats a token. */
    private static double entropy(List<Trajectory> sampled) {
        double sum = 0;
        long tokens = 0;
        for (Trajectory one : sampled) {
            for (float logprob : one.completion().samplerLogprobs()) {
                sum -= logprob;
                tokens++;
            }
        }
        return sum / tokens;
    }

    /** Groups with enough scored answers. */
    private Set<Integer> teachingGroups(List<Trajectory> trajectories) {
        Map<Integer, Integer> scored = new HashMap<>();
        for (Trajectory one : trajectories) {
            scored.merge(one.group(), one.score().isScored() ? 1 : 0, Integer::sum);
        }
        scored.values().removeIf(count -> count < recipe.credit().fewestScored());
        return scored.keySet();
    }

    private void count(List<Trajectory> trajectories, Set<Integer> teaching, Map<String, Metric> metrics) {
        long groups = trajectories.stream().map(Trajectory::group).distinct().count();
        List<Score> scores = trajectories.stream().map(Trajectory::score).toList();
        long unscored = scores.stream().filter(score -> !score.isScored()).count();
        metrics.putAll(ScoreStatistics.of(recipe.rewardName(), scores));
        ports.scoring().get().forEach((name, value) -> metrics.put(name, Metric.mean(value.doubleValue(), 1)));
        long skipped = groups - teaching.size();
        metrics.put("frac_groups_skipped", Metric.mean((double) skipped, (double) groups));
        counts = counts.plus(new LearnerCounts(trajectories.size(), unscored, groups, skipped));
    }

    private static String firstProblem(List<Trajectory> sampled, Collection<Trajectory> greedy) {
        return Stream.concat(sampled.stream(), greedy.stream())
                .map(one -> one.score().problem())
                .filter(problem -> problem != null)
                .findFirst()
                .orElse("fewer than two answers to a prompt");
    }

    /** Summarizes a batch of trajectories; the problem is why an answer has no score, if one has none. */
    private record Gathered(
            List<Experience> usable, Map<String, Metric> metrics, double kl, double entropy, String problem) {}

    /**
     * Answers to learn from.
     *
     * @param version of the weights that sampled the last of them
     */
    private record Sampled(List<Trajectory> answers, long version, Map<String, Metric> metrics) {}
}
