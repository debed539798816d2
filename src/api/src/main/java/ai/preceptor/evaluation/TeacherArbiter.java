package ai.preceptor.evaluation;

import ai.preceptor.data.Score;
import ai.preceptor.eval.Arbiter;
import ai.preceptor.eval.Contest;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.Verdict;
import java.util.List;

/**
 * Lets a teacher's judge decide the contests of evaluations.
 *
 * @param judge must not favour a position: a {@code ScorerJudge}, or another one inside an {@code OrderBalancedJudge}
 */
public record TeacherArbiter(Judge judge) implements Arbiter {
    @Override
    public List<Score> preferences(List<Contest> contests) {
        List<Comparison> comparisons = contests.stream()
                .map(contest -> new Comparison(contest.prompt(), contest.answer(), contest.baseline()))
                .toList();
        return judge.compare(comparisons).stream().map(Verdict::asScore).toList();
    }
}
