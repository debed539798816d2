package ai.preceptor.app.command;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.TeacherArbiter;
import ai.preceptor.app.keys.EvalConfig;
import ai.preceptor.data.Scorer;
import ai.preceptor.eval.AnswerSet;
import ai.preceptor.eval.Evaluation;
import ai.preceptor.eval.KlMeter;
import ai.preceptor.teacher.OrderBalancedJudge;
import ai.preceptor.teacher.ScorerJudge;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the answers of an evaluation are measured by, loaded once for all methods.
 *
 * @param baseline the model before training; null when there is none
 * @param teacher who prefers; null when nobody is asked
 * @param reward the distilled reward model; null for none
 * @param rule a rule that no training saw; null for none
 * @param unfiltered whether answers are sampled so that a divergence can be estimated from them
 */
record Judges(
        @Nullable Student baseline,
        @Nullable Scorer teacher,
        @Nullable Scorer reward,
        @Nullable Scorer rule,
        boolean unfiltered)
        implements AutoCloseable {
    static Judges open(EvalConfig keys, Preceptor preceptor) {
        EvalConfig.JudgeKeys by = keys.judges();
        Judges judges = new Judges(
                null,
                null,
                null,
                by.rule() == null ? null : by.rule().scorer(),
                keys.sampling().isUnfiltered());
        try {
            if (by.baseline() != null) {
                judges = judges.with(preceptor.student(by.baseline(), keys.frozen()));
            }
            Scorer teacher = by.teacher() == null ? null : preceptor.scorer(by.teacher(), keys.frozen());
            judges = new Judges(judges.baseline, teacher, null, judges.rule, judges.unfiltered);
            return judges.withReward(by.rewardModel(), keys, preceptor);
        } catch (RuntimeException e) {
            judges.close();
            throw e;
        }
    }

    private Judges with(Student opened) {
        return new Judges(opened, teacher, reward, rule, unfiltered);
    }

    private Judges withReward(@Nullable Path directory, EvalConfig keys, Preceptor preceptor) {
        return directory == null
                ? this
                : new Judges(baseline, teacher, preceptor.scorer(directory, keys.frozen()), rule, unfiltered);
    }

    /**
     * How methods are measured against the start.
     *
     * @param start the baseline's answers, or of a model that is measured alone its own
     */
    Evaluation evaluation(AnswerSet start) {
        return new Evaluation(
                start,
                teacher == null ? null : new TeacherArbiter(new OrderBalancedJudge(new ScorerJudge(teacher))),
                reward,
                rule,
                baseline == null || !unfiltered ? null : new KlMeter(baseline.encoder(), baseline.sequenceLogprobs()));
    }

    @Override
    public void close() {
        try (Student one = baseline;
                Scorer two = teacher;
                Scorer three = reward) {
            // closes what is there, each also when another fails
        }
    }
}
