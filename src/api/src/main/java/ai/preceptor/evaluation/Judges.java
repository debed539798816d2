package ai.preceptor.evaluation;

import ai.preceptor.Student;
import ai.preceptor.data.Answer;
import ai.preceptor.data.Scorer;
import ai.preceptor.eval.AnswerSet;
import ai.preceptor.eval.Evaluation;
import ai.preceptor.eval.KlMeter;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.JudgeStats;
import ai.preceptor.teacher.ScorerJudge;
import ai.preceptor.teacher.Scores;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the answers of every student are measured by; what is null is not measured. All stay their owner's to close.
 *
 * @param baseline the model before training: its answers are compared with, and the KL is measured to it
 * @param judge decides between a student's answers and the baseline's. Must not favour a position: a {@link ScorerJudge},
 *     whose mean score is then reported too, or another one inside an {@code OrderBalancedJudge}
 * @param reward a reward model whose mean reward is reported
 * @param rules rules that no training saw, to detect reward hacking, by the names that they are reported under; may be empty
 */
public record Judges(
        @Nullable Student baseline,
        @Nullable Judge judge,
        @Nullable Scorer reward,
        Map<String, Scorer> rules) {
    /** Copies the rules, in their order. */
    public Judges {
        rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    }

    /**
     * The same, with a judge and a reward model that score each different answer once, if they score answers by themselves.
     * They know what these know now, and nothing that these learn later.
     */
    Judges scoringOnce() {
        return new Judges(
                baseline,
                judge instanceof ScorerJudge scoring
                        ? new ScorerJudge(once(scoring.scorer(), Judges::shown), scoring.tieWithin())
                        : judge,
                reward == null ? null : once(reward, UnaryOperator.identity()),
                rules);
    }

    private static Scorer once(Scorer scorer, UnaryOperator<Answer> shown) {
        if (scorer instanceof ScoredOnce known) {
            return known.copy();
        }
        return scorer.isRelative() ? scorer : new ScoredOnce(scorer, shown);
    }

    /** As a judge sees it in a comparison, without its tokens. */
    private static Answer shown(Answer answer) {
        return new Answer(answer.prompt(), answer.text());
    }

    /** Lets a judge and a reward model that score answers by themselves score these, unless they know them. */
    void learn(AnswerSet answers) {
        for (Scorer scorer : Arrays.asList(teacher(), reward)) {
            if (scorer instanceof ScoredOnce once) {
                Scores.of(once, answers.answers());
            }
        }
    }

    /** What the judge goes by, if it scores each answer by itself. */
    private @Nullable ScoredOnce teacher() {
        return judge instanceof ScorerJudge scoring && scoring.scorer() instanceof ScoredOnce once ? once : null;
    }

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
                teacher(),
                reward,
                rules,
                baseline == null || !divergence ? null : new KlMeter(baseline.encoder(), baseline.sequenceLogprobs()));
    }
}
