package ai.preceptor.cli.command.evaluation;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.TeacherArbiter;
import ai.preceptor.cli.command.ServedRun;
import ai.preceptor.cli.keys.OwnRule;
import ai.preceptor.cli.keys.inference.EvalConfig;
import ai.preceptor.data.Scorer;
import ai.preceptor.eval.AnswerSet;
import ai.preceptor.eval.Evaluation;
import ai.preceptor.eval.KlMeter;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.OrderBalancedJudge;
import ai.preceptor.teacher.PositionBias;
import ai.preceptor.teacher.ScorerJudge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the answers of an evaluation are measured by, loaded once for all methods.
 *
 * @param baseline the model before training; null when there is none
 * @param judge who prefers, without position bias; null without a judge
 * @param served the served teacher that does so; null for none
 * @param reward the distilled reward model; null for none
 * @param rule a rule that no training saw; null for none
 * @param unfiltered whether answers are sampled so that a divergence can be estimated from them
 */
record EvalModels(
        @Nullable Student baseline,
        @Nullable Judge judge,
        @Nullable ServedRun served,
        @Nullable Scorer reward,
        @Nullable Scorer rule,
        boolean unfiltered)
        implements AutoCloseable {
    /** @param directory of the run, for the ledger of a served teacher */
    static EvalModels open(EvalConfig keys, Preceptor preceptor, Path directory) {
        EvalConfig.JudgeKeys by = keys.judges();
        Scorer rule = by.rule() == null ? null : OwnRule.scorer(by.rule());
        EvalModels judges =
                new EvalModels(null, null, null, null, rule, keys.sampling().isUnfiltered());
        try {
            if (by.baseline() != null) {
                judges = judges.withBaseline(preceptor.student(by.baseline(), keys.frozen()));
            }
            ServedRun served = ServedRun.ifGiven(by.served(), directory, new SimpleMeterRegistry());
            if (served != null) {
                judges = judges.withJudge(served.judge(), served);
            } else if (by.teacher() != null) {
                Scorer teacher = preceptor.scorer(by.teacher(), keys.frozen());
                judges = judges.withJudge(new OrderBalancedJudge(new ScorerJudge(teacher)), null);
            }
            return by.rewardModel() == null
                    ? judges
                    : judges.withReward(preceptor.scorer(
                            by.rewardModel(), keys.frozen(), by.reading().reading()));
        } catch (RuntimeException e) {
            judges.close();
            throw e;
        }
    }

    private EvalModels withBaseline(Student opened) {
        return new EvalModels(opened, judge, served, reward, rule, unfiltered);
    }

    private EvalModels withJudge(Judge opened, @Nullable ServedRun behind) {
        return new EvalModels(baseline, opened, behind, reward, rule, unfiltered);
    }

    private EvalModels withReward(Scorer opened) {
        return new EvalModels(baseline, judge, served, opened, rule, unfiltered);
    }

    /** What the order of two answers did to the judge's verdicts so far. */
    PositionBias bias() {
        return judge == null ? PositionBias.NONE_SEEN : judge.bias();
    }

    /**
     * How methods are measured against the start.
     *
     * @param start the baseline's answers, or of a model that is measured alone its own
     */
    Evaluation evaluation(AnswerSet start) {
        return new Evaluation(
                start,
                judge == null ? null : new TeacherArbiter(judge),
                reward,
                rule,
                baseline == null || !unfiltered ? null : new KlMeter(baseline.encoder(), baseline.sequenceLogprobs()));
    }

    @Override
    public void close() {
        try (Student one = baseline;
                ServedRun two = served;
                Judge three = judge;
                Scorer four = reward;
                Scorer five = rule) {
            // closes what is there, each also when another fails
        }
    }
}
