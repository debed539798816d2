package ai.preceptor.evaluation;

import ai.preceptor.data.Score;
import ai.preceptor.data.ScorerException;
import ai.preceptor.eval.Arbiter;
import ai.preceptor.eval.Contest;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets a teacher's judge decide the contests of evaluations.
 *
 * @param judge must not favour a position: a {@code ScorerJudge}, or another one inside an {@code OrderBalancedJudge}
 */
public record TeacherArbiter(Judge judge) implements Arbiter {
    /** @throws ScorerException if answers differ somewhere, and nowhere there is a verdict */
    @Override
    public List<Score> preferences(List<Contest> contests) {
        List<Comparison> comparisons = contests.stream()
                .map(contest -> new Comparison(contest.prompt(), contest.answer(), contest.baseline()))
                .toList();
        List<Verdict> verdicts = judge.compare(comparisons);
        requireOne(comparisons, verdicts);
        return verdicts.stream().map(Verdict::asScore).toList();
    }

    /** Identical answers tie without being judged, and say nothing about whether the judge can be read. */
    private static void requireOne(List<Comparison> comparisons, List<Verdict> verdicts) {
        List<Verdict> judged = new ArrayList<>();
        for (int i = 0; i < Math.min(comparisons.size(), verdicts.size()); i++) {
            if (!comparisons.get(i).isIdentical()) {
                judged.add(verdicts.get(i));
            }
        }
        if (!judged.isEmpty() && judged.stream().noneMatch(Verdict::isDecided)) {
            throw new ScorerException("win rate: none of " + judged.size()
                    + " comparisons of answers that differ was decided; the first: "
                    + judged.get(0).problem());
        }
    }
}
