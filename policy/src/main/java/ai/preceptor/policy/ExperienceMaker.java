package ai.preceptor.policy;

import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.credit.Credit;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.credit.ScoredAnswers;
import ai.preceptor.policy.credit.ScoredPart;
import ai.preceptor.policy.critic.CriticTargets;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlEstimator;
import ai.preceptor.policy.kl.KlEstimators;
import ai.preceptor.train.Metric;
import ai.preceptor.train.sampling.Groups;
import ai.preceptor.train.sampling.RolloutStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a batch of scored answers into experience: scores, and the KL penalty if it is in the reward, become advantages.
 *
 * <pre>  reward = score - beta sum over t of kl(log pi_old(y_t) - log pi_ref(y_t))</pre>
 *
 * <p>The old policy is the one that begins to learn; where another one sampled, importance weights make up for it. An
 * answer without a score stays in the batch with advantage 0 and is counted.
 *
 * @param credit how rewards become advantages
 * @param rewardKl estimates each token's KL in the reward
 */
record ExperienceMaker(CreditAssignment credit, KlEstimator rewardKl) {

    private static double[] scores(List<MeasuredAnswer> answers) {
        return answers.stream()
                .mapToDouble(answer -> answer.trajectory().score().value())
                .toArray();
    }

    /**
     * Makes a batch.
     *
     * @param answers complete groups, at least one answer; all of them with the reference's log-probabilities, or none
     * @param rewards {@code [answers]}: what was made of the scores; not a number where unscored
     * @param beta coefficient of the KL penalty in the reward, 0 or more
     * @param baselines per answer the score of the greedy answer to its prompt, not a number where unscored; null for none
     * @throws IllegalArgumentException if the batch is empty, {@code beta} is above 0 without a reference, or sizes differ
     */
    Batch make(List<MeasuredAnswer> answers, double[] rewards, double beta, double @Nullable [] baselines) {
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("answers: 0, must be at least 1");
        }
        boolean compared = answers.get(0).referenceLogps() != null;
        if (!compared && beta > 0) {
            throw new IllegalArgumentException("beta: " + beta + " in the reward, but no reference log-probabilities");
        }
        List<float[]> values = values(answers);
        ScoredAnswers scored = scored(answers, rewards, beta, wide(values), baselines);
        Credit made = credit.assign(scored);
        requireAdvantages(made.advantages(), scored);
        CriticTargets targets = values == null ? null : CriticTargets.of(values, scored, made, credit.name());
        List<Experience> experiences = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            MeasuredAnswer answer = answers.get(i);
            experiences.add(new Experience(
                    answer.trajectory(),
                    answer.oldLogps(),
                    answer.referenceLogps(),
                    made.advantages().get(i),
                    answer.weights(),
                    answer.counts(),
                    targets == null ? null : targets.targets().get(i)));
        }
        List<Trajectory> trajectories =
                answers.stream().map(MeasuredAnswer::trajectory).toList();
        Map<String, Metric> metrics =
                new LinkedHashMap<>(RolloutStatistics.of(trajectories, Groups.of(scores(answers), scored.groups())));
        double kl = 0;
        double penalty = 0;
        int counting = 0;
        for (int i = 0; i < answers.size(); i++) {
            kl += sum(estimates(answers.get(i), KlEstimators.K1));
            penalty += beta * sum(scored.kl().get(i));
            counting += answers.get(i).counts() ? 1 : 0;
        }
        Metric divergence = Metric.mean(kl, counting);
        Metric nonScore = Metric.mean(-penalty, counting);
        if (compared) {
            metrics.put("objective/kl", divergence);
            metrics.put("objective/non_score_reward", nonScore);
        }
        if (targets != null) {
            metrics.putAll(targets.metrics(
                    answers.stream().map(MeasuredAnswer::oldLogps).toList(),
                    i -> answers.get(i).counts(),
                    nonScore.value()));
        }
        return new Batch(experiences, metrics, divergence.value());
    }

    private ScoredAnswers scored(
            List<MeasuredAnswer> answers,
            double[] rewards,
            double beta,
            @Nullable List<double[]> values,
            double @Nullable [] baselines) {
        int[] groups = new int[answers.size()];
        List<double[]> kl = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Trajectory trajectory = answers.get(i).trajectory();
            groups[i] = trajectory.group();
            kl.add(estimates(answers.get(i), rewardKl));
        }
        ScoredAnswers whole = new ScoredAnswers(rewards, kl, groups, beta, parts(answers, rewards), values, baselines);
        return credit.readsTokenScores() ? whole.with(tokenScores(answers, rewards)) : whole;
    }

    /** Scores of tokens as they were given; what shaping changed of an answer's score is added at its last token. */
    private static List<List<Score.TokenScore>> tokenScores(List<MeasuredAnswer> answers, double[] rewards) {
        List<List<Score.TokenScore>> all = new ArrayList<>();
        for (int i = 0; i < rewards.length; i++) {
            Trajectory trajectory = answers.get(i).trajectory();
            List<Score.TokenScore> own = new ArrayList<>(trajectory.score().tokenScores());
            double added = rewards[i] - trajectory.score().value();
            if (!own.isEmpty() && Math.abs(added) > 0) {
                int last = trajectory.completion().length() - 1;
                Score.TokenScore before = own.get(own.size() - 1);
                boolean there = before.token() == last;
                if (there) {
                    own.remove(own.size() - 1);
                }
                own.add(new Score.TokenScore(last, there ? before.value() + added : added));
            }
            all.add(own);
        }
        return all;
    }

    /** What each of several scorers gave, by its name; not a number where it gave nothing. Shaping is one more. */
    private static Map<String, ScoredPart> parts(List<MeasuredAnswer> answers, double[] rewards) {
        Map<String, ScoredPart> parts = new LinkedHashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            for (Score.Part part : answers.get(i).trajectory().score().parts()) {
                parts.computeIfAbsent(part.name(), name -> new ScoredPart(unknown(answers.size()), part.weight()))
                                .scores()[i] =
                        part.value();
            }
        }
        double[] scores = scores(answers);
        double[] added = new double[rewards.length];
        Arrays.setAll(added, i -> rewards[i] - scores[i]);
        if (!parts.isEmpty() && Arrays.stream(added).anyMatch(change -> Math.abs(change) > 0)) {
            parts.put(ScoredPart.SHAPING, new ScoredPart(added, 1));
        }
        return parts;
    }

    private static double[] unknown(int size) {
        double[] none = new double[size];
        Arrays.fill(none, Double.NaN);
        return none;
    }

    /** A critic's values of all answers; null without a critic. */
    private static @Nullable List<float[]> values(List<MeasuredAnswer> answers) {
        List<float[]> all = new ArrayList<>();
        for (MeasuredAnswer answer : answers) {
            float[] own = answer.values();
            if (own == null) {
                return null;
            }
            all.add(own);
        }
        return all;
    }

    private static @Nullable List<double[]> wide(@Nullable List<float[]> narrow) {
        if (narrow == null) {
            return null;
        }
        List<double[]> all = new ArrayList<>();
        for (float[] one : narrow) {
            double[] doubles = new double[one.length];
            Arrays.setAll(doubles, t -> one[t]);
            all.add(doubles);
        }
        return all;
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    /** @throws IllegalArgumentException naming whose advantages they are, and the answer */
    private void requireAdvantages(List<double[]> advantages, ScoredAnswers answers) {
        if (advantages.size() != answers.size()) {
            throw new IllegalArgumentException("advantages: " + credit.name() + " gave those of " + advantages.size()
                    + " answers, must be one per answer: " + answers.size());
        }
        for (int i = 0; i < answers.size(); i++) {
            double[] own = advantages.get(i);
            if (own.length != answers.length(i)) {
                throw new IllegalArgumentException("advantages: " + credit.name() + " gave " + own.length
                        + " for answer " + i + " (0-based), must be one per token: " + answers.length(i));
            }
            for (double advantage : own) {
                if (!Double.isFinite(advantage)) {
                    throw new IllegalArgumentException("advantages: " + credit.name() + " gave " + advantage
                            + " for answer " + i + " (0-based), must be finite");
                }
            }
        }
    }

    /** The KL of each token; zeros without a reference, and for an answer that does not count. */
    private static double[] estimates(MeasuredAnswer answer, KlEstimator estimator) {
        float[] old = answer.oldLogps();
        float[] reference = answer.referenceLogps();
        double[] estimates = new double[old.length];
        if (reference == null || !answer.counts()) {
            return estimates;
        }
        if (reference.length != old.length) {
            throw new IllegalArgumentException("reference: " + reference.length
                    + " log-probabilities, must be one per sampled token: " + old.length);
        }
        Arrays.setAll(estimates, t -> estimator.value((double) old[t] - reference[t]));
        return estimates;
    }

    /**
     * A batch of experience.
     *
     * @param experiences in the order of the trajectories
     * @param metrics of the batch, by their names on the metrics page
     * @param kl mean over the answers that count of the k1 estimate of their KL to the reference, in nats per answer; what a
     *     {@link KlController} is steered by; 0 without a reference, not a number where no answer counts
     */
    record Batch(List<Experience> experiences, Map<String, Metric> metrics, double kl) {
        Batch {
            experiences = List.copyOf(experiences);
        }
    }
}
