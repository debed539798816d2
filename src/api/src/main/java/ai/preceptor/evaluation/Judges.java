package ai.preceptor.evaluation;

import ai.preceptor.Student;
import ai.preceptor.data.Scorer;
import ai.preceptor.eval.AnswerSet;
import ai.preceptor.eval.Evaluation;
import ai.preceptor.eval.KlMeter;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.JudgeStats;
import org.jspecify.annotations.Nullable;

/**
 * What the answers of every student are measured by; what is null is not measured. All stay their owner's to close.
 *
 * @param baseline the model before training: its answers are compared with, and the KL is measured to it
 * @param judge decides between a student's answers and the baseline's. Must not favour a position: a {@code ScorerJudge},
 *     or another one inside an {@code OrderBalancedJudge}
 * @param reward a reward model whose mean reward is reported
 * @param rule a rule that no training saw, to detect reward hacking
 */
public record Judges(
        @Nullable Student baseline,
        @Nullable Judge judge,
        @Nullable Scorer reward,
        @Nullable Scorer rule) {
    /** How judging went so far. */
    JudgeStats stats() {
        return judge == null ? JudgeStats.NONE : judge.stats();
    }

    /**
     * How answers are measured.
     *
     * @param start the baseline's answers; without a baseline those that are measured
     * @param divergence whether answers are sampled so that a divergence can be estimated from them
     */
    Evaluation evaluation(AnswerSet start, boolean divergence) {
        return new Evaluation(
                start,
                judge == null ? null : new TeacherArbiter(judge),
                reward,
                rule,
                baseline == null || !divergence ? null : new KlMeter(baseline.encoder(), baseline.sequenceLogprobs()));
    }
}
