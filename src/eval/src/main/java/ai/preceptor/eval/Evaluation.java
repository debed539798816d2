package ai.preceptor.eval;

import ai.preceptor.data.Scorer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One way to measure every method: the same prompts, the same baseline, the same judges. What is null is not measured. The teacher
 * and the reward model score the baseline's answers for every method, so they should remember scores.
 *
 * @param baseline the start's answers
 * @param arbiter decides between a method's answers and the baseline's
 * @param teacher scores answers one by one, and is the arbiter's source; null for an arbiter that compares
 * @param reward the distilled reward model
 * @param rules rules that no training saw, by the names that they are reported under; may be empty
 * @param kl knows the reference
 */
public record Evaluation(
        AnswerSet baseline,
        @Nullable Arbiter arbiter,
        @Nullable Scorer teacher,
        @Nullable Scorer reward,
        Map<String, Scorer> rules,
        @Nullable KlMeter kl) {
    /** Copies the rules, in their order. */
    public Evaluation {
        rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    }

    /**
     * Measures a method against the baseline.
     *
     * @param method its name
     * @param answers its answers to the baseline's prompts
     * @param policy the model that gave them, for the KL; null leaves the KL out
     * @param seconds its training took, if known
     */
    public EvalReport measure(
            String method, AnswerSet answers, @Nullable SequenceLogprobs policy, @Nullable Double seconds) {
        MeanScore teacherScore = teacherScore(answers, baseline);
        WinRate winRate = arbiter == null ? null : WinRate.measure(answers, baseline, arbiter);
        return report(method, answers, policy, winRate, teacherScore, reward(answers, baseline), seconds);
    }

    /**
     * Measures the baseline itself, which has no win rate, no differences and no training.
     *
     * @param method its name
     * @param policy the model that gave its answers; null leaves the KL out
     */
    public EvalReport measureBaseline(String method, @Nullable SequenceLogprobs policy) {
        return report(method, baseline, policy, null, teacherScore(baseline, null), reward(baseline, null), null);
    }

    private @Nullable MeanScore teacherScore(AnswerSet answers, @Nullable AnswerSet against) {
        return teacher == null ? null : MeanScore.measureIfAny(teacher, answers, against);
    }

    private @Nullable MeanScore reward(AnswerSet answers, @Nullable AnswerSet against) {
        return reward == null ? null : MeanScore.measure(reward, answers, against);
    }

    private Map<String, MeanScore> ruleScores(AnswerSet answers) {
        Map<String, MeanScore> scores = new LinkedHashMap<>();
        rules.forEach((name, rule) -> scores.put(name, MeanScore.measure(rule, answers)));
        return scores;
    }

    private EvalReport report(
            String method,
            AnswerSet answers,
            @Nullable SequenceLogprobs policy,
            @Nullable WinRate winRate,
            @Nullable MeanScore teacherScore,
            @Nullable MeanScore meanReward,
            @Nullable Double seconds) {
        return new EvalReport(
                method,
                winRate,
                teacherScore,
                meanReward,
                kl == null || policy == null ? null : kl.measure(policy, answers),
                null,
                LengthStats.of(answers),
                ruleScores(answers),
                seconds);
    }
}
