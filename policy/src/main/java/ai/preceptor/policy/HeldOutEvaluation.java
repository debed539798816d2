package ai.preceptor.policy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.evaluation.EvaluationSettings;
import ai.preceptor.policy.evaluation.HeldOutAnswers;
import ai.preceptor.policy.reward.NoReward;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Metric;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.run.Stateful;
import ai.preceptor.train.sampling.Groups;
import ai.preceptor.train.sampling.Moments;
import ai.preceptor.train.sampling.RolloutStatistics;
import ai.preceptor.train.sampling.ScoreStatistics;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures the policy on held-out prompts during a run: every {@code eval_steps} steps and after the last, with the weights
 * of that step. A line of its own in {@code metrics.jsonl} has the step and the values.
 *
 * <p>The training loop calls it between two steps. Training is the same with and without it, since the sampler draws with
 * seeds of its own. A measurement that was done is not repeated by a resumed run; one that a stop was asked for during is
 * given up, and made by the resumed run before its first step.
 */
public final class HeldOutEvaluation implements TrainListener, Stateful {
    private static final String NAME = "evaluation.json";
    private static final JsonMapper JSON = new JsonMapper();

    private final EvaluationSettings settings;
    private final HeldOutAnswers sampler;
    private final String rewardName;
    private final @Nullable HeldOutKl kl;
    private final LoopSetting loop;
    private State done = new State(0, Map.of());

    /**
     * A measurement.
     *
     * @param step after which it was made; 0 for none
     * @param values what it gave
     */
    record State(int step, Map<String, Double> values) {}

    /**
     * For one run.
     *
     * @param settings when it is made
     * @param sampler gives the answers
     * @param rewardName the scorer's name in metrics
     * @param kl estimates the KL to the reference; null if none is kept
     * @param loop where values go, and who may ask for a stop
     */
    public HeldOutEvaluation(
            EvaluationSettings settings,
            HeldOutAnswers sampler,
            String rewardName,
            @Nullable HeldOutKl kl,
            LoopSetting loop) {
        this.settings = settings;
        this.sampler = sampler;
        this.rewardName = rewardName;
        this.kl = kl;
        this.loop = loop;
    }

    /** What the last measurement gave, over all processes of the run; empty before the first. */
    public Map<String, Double> last() {
        return done.values();
    }

    /** Makes up for a measurement that was given up. */
    @Override
    public void onStart(int firstStep, int totalSteps) {
        if (firstStep > 0) {
            measureIfDue(firstStep, totalSteps);
        }
    }

    @Override
    public void onStep(StepMetrics step) {
        measureIfDue(step.step(), step.totalSteps());
    }

    private void measureIfDue(int step, int totalSteps) {
        boolean due = step % settings.evalSteps() == 0 || step == totalSteps;
        if (due && step > done.step()) {
            measure(step);
        }
    }

    private void measure(int step) {
        long began = loop.nanoClock().getAsLong();
        List<Trajectory> answers = new ArrayList<>();
        List<Double> divergences = new ArrayList<>();
        for (int from = 0; from < sampler.prompts(); from += sampler.together()) {
            if (loop.interrupt().isRequested()) {
                return; // the loop stops, and the resumed run measures this step first
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
        values.put("eval_runtime", (loop.nanoClock().getAsLong() - began) * 1e-9);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", step);
        row.putAll(values);
        loop.store().record(row);
        done = new State(step, values);
        loop.listener().onEvaluation(step, values);
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

    @Override
    public void saveState(Path checkpoint) {
        try {
            JSON.writeValue(checkpoint.resolve(NAME).toFile(), done);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A checkpoint of a run that was not measured has no such state. */
    @Override
    public void loadState(Path checkpoint) {
        Path file = checkpoint.resolve(NAME);
        if (Files.exists(file)) {
            try {
                done = JSON.readValue(file.toFile(), new TypeReference<State>() {});
            } catch (IOException e) {
                throw new DataException(file + ": no state of an evaluation: " + e.getMessage(), e);
            }
        }
    }
}
