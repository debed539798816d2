package ai.preceptor.policy;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.evaluation.HeldOutAnswers;
import ai.preceptor.policy.evaluation.HeldOutSettings;
import ai.preceptor.policy.reward.NoReward;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.Metric;
import ai.preceptor.train.evaluation.Evaluator;
import ai.preceptor.train.sampling.Groups;
import ai.preceptor.train.sampling.Moments;
import ai.preceptor.train.sampling.RolloutStatistics;
import ai.preceptor.train.sampling.ScoreStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures the policy on held-out prompts during a run, with the weights of now. Training is the same with and without it, since
 * the sampler draws with seeds of its own.
 */
public final class HeldOutEvaluation implements Evaluator {
    private static final List<String> SOMETIMES =
            List.of("eval_rewards/", "eval_tools/", "eval_reward_std", "eval_completions/mean_steps");

    /** Standard errors from the mean to the bounds of a 95 % interval. */
    private static final double NORMAL = 1.96;

    private static final Trajectory BLANK = new Trajectory(
            Prompt.plain(""),
            new int[1],
            new Completion("", new int[1], new float[1], FinishReason.STOP),
            0,
            0,
            Score.of(0));

    private final HeldOutSettings settings;
    private final HeldOutAnswers sampler;
    private final String rewardName;
    private final @Nullable HeldOutKl kl;
    private final Interrupt interrupt;

    /**
     * For one run.
     *
     * @param settings what counts as passed
     * @param sampler gives the answers
     * @param rewardName the scorer's name in metrics
     * @param kl estimates the KL to the reference; null if none is kept
     * @param interrupt who may ask for a stop
     */
    public HeldOutEvaluation(
            HeldOutSettings settings,
            HeldOutAnswers sampler,
            String rewardName,
            @Nullable HeldOutKl kl,
            Interrupt interrupt) {
        this.settings = settings;
        this.sampler = sampler;
        this.rewardName = rewardName;
        this.kl = kl;
        this.interrupt = interrupt;
    }

    @Override
    public String standardMetric() {
        return "eval_reward";
    }

    /** The rest, such as how tokens are drawn and who scores, is of the run and stays in it. */
    @Override
    public String identity() {
        return "prompts=" + sampler.prompts() + " checksum=" + sampler.checksum() + " num_generations_eval="
                + sampler.samples() + " eval_pass_score=" + settings.evalPassScore();
    }

    @Override
    public Optional<Map<String, Double>> measure() {
        List<Trajectory> answers = new ArrayList<>();
        List<Double> divergences = new ArrayList<>();
        for (int from = 0; from < sampler.prompts(); from += sampler.together()) {
            if (interrupt.isRequested()) {
                return Optional.empty();
            }
            List<Trajectory> some = sampler.answers(from, Math.min(sampler.prompts(), from + sampler.together()));
            answers.addAll(some);
            if (kl != null) {
                divergences.addAll(kl.of(some));
            }
        }
        Map<String, Double> values = new LinkedHashMap<>();
        metrics(answers, divergences).forEach((name, metric) -> {
            if (metric.weight() > 0) {
                values.put("eval_" + name, metric.value());
            }
        });
        int[] prompts = answers.stream().mapToInt(Trajectory::group).toArray();
        interval(
                values,
                "eval_reward",
                prompts,
                answers.stream().mapToDouble(one -> one.score().value()).toArray());
        interval(
                values,
                "eval_objective/kl",
                prompts,
                divergences.stream().mapToDouble(Double::doubleValue).toArray());
        return Optional.of(values);
    }

    /**
     * Normal 95 % interval of the mean of all answers: that of a ratio, the sums of prompts over their numbers of answers that have a
     * value. Nothing for a single prompt. Kish 1965, Survey Sampling: the variance of a ratio mean of clusters.
     */
    private static void interval(Map<String, Double> values, String name, int[] prompts, double[] ofAnswers) {
        Double mean = values.get(name);
        if (mean == null) {
            return;
        }
        Groups groups = Groups.of(ofAnswers, prompts);
        int clusters = 0;
        int answers = 0;
        double squares = 0;
        for (int[] group : groups.members()) {
            Moments own = groups.moments(group);
            if (own.count() > 0) {
                double deviation = own.count() * (own.mean() - mean);
                squares += deviation * deviation;
                answers += own.count();
                clusters++;
            }
        }
        if (clusters > 1) {
            double half = NORMAL * Math.sqrt(squares * clusters / (clusters - 1)) / answers;
            values.put(name + "_low", mean - half);
            values.put(name + "_high", mean + half);
        }
    }

    /** Those that all scored answers give; unknown for metrics of what only some answers have: parts of scores, tools, steps. */
    @Override
    public Set<String> names(String wanted) {
        if (SOMETIMES.stream().anyMatch(wanted::startsWith)) {
            return Set.of();
        }
        List<Trajectory> answers = Collections.nCopies(Math.max(1, sampler.samples()), BLANK);
        List<Double> divergences = Collections.nCopies(kl == null ? 0 : answers.size(), 0.0);
        Set<String> names = new LinkedHashSet<>();
        metrics(answers, divergences).forEach((name, metric) -> names.add("eval_" + name));
        return names;
    }

    /** @param divergences of each answer, in nats; empty without a reference */
    private Map<String, Metric> metrics(List<Trajectory> answers, List<Double> divergences) {
        double[] scores =
                answers.stream().mapToDouble(one -> one.score().value()).toArray();
        int[] prompts = answers.stream().mapToInt(Trajectory::group).toArray();
        Groups groups = Groups.of(scores, prompts);
        Map<String, Metric> metrics = new LinkedHashMap<>(RolloutStatistics.of(answers, groups));
        metrics.putAll(ScoreStatistics.of(
                rewardName, answers.stream().map(Trajectory::score).toList()));
        divergences.forEach(nats -> metrics.merge("objective/kl", Metric.mean(nats, 1), Metric::merge));
        for (int[] group : groups.members()) {
            passes(metrics, Arrays.stream(group).mapToDouble(i -> scores[i]).toArray());
        }
        NoReward.hide(rewardName, metrics);
        return metrics;
    }

    /** A prompt that lacks a score has no best answer of so many. */
    private void passes(Map<String, Metric> metrics, double[] scores) {
        Moments moments = Moments.of(scores);
        if (moments.count() > 0) {
            double passed = Arrays.stream(scores)
                    .filter(score -> score >= settings.evalPassScore())
                    .count();
            metrics.merge("pass@1", Metric.mean(passed / moments.count(), 1), Metric::merge);
        }
        if (moments.count() == scores.length) {
            double best = Arrays.stream(scores).max().orElseThrow();
            metrics.merge("best@" + scores.length, Metric.mean(best, 1), Metric::merge);
        }
    }
}
