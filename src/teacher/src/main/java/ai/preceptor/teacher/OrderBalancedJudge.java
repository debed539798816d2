package ai.preceptor.teacher;

import java.util.ArrayList;
import java.util.List;

/**
 * Asks another judge every question in both orders and averages, so that a judge who favours a position favours no
 * answer. Identical answers tie without being asked. A comparison is decided only if both orders are.
 *
 * <p>How much the order mattered is counted over all calls, see {@link #stats()}.
 */
public final class OrderBalancedJudge implements Judge {
    private final Judge judge;
    private final JudgeTally tally = new JudgeTally();

    /** @param judge whom to ask; closed with this one */
    public OrderBalancedJudge(Judge judge) {
        this.judge = judge;
    }

    @Override
    public String name() {
        return judge.name();
    }

    @Override
    public List<Verdict> compare(List<Comparison> comparisons) {
        List<Comparison> asked = new ArrayList<>();
        for (Comparison comparison : comparisons) {
            if (!comparison.isIdentical()) {
                asked.add(comparison);
                asked.add(comparison.swapped());
            }
        }
        List<Verdict> answers = Verdicts.of(judge, asked);
        List<Verdict> balanced = new ArrayList<>(comparisons.size());
        int next = 0;
        for (Comparison comparison : comparisons) {
            if (comparison.isIdentical()) {
                balanced.add(Verdict.TIE);
            } else {
                Verdict verdict = balance(answers.get(next), answers.get(next + 1));
                tally.question(verdict.isDecided());
                balanced.add(verdict.with(
                        answers.get(next).critique(), answers.get(next + 1).critique()));
                next += 2;
            }
        }
        return balanced;
    }

    private Verdict balance(Verdict asAsked, Verdict turned) {
        if (!asAsked.isDecided()) {
            return asAsked;
        }
        if (!turned.isDecided()) {
            return Verdict.undecided("in the other order: " + turned.problem());
        }
        tally.orders(asAsked.preference(), turned.preference());
        return Verdict.of((asAsked.preference() + turned.swapped().preference()) / 2);
    }

    /** Questions are comparisons that were asked, in both orders; votes are the other judge's. */
    @Override
    public JudgeStats stats() {
        return tally.stats().withVotesOf(judge.stats());
    }

    @Override
    public void close() {
        judge.close();
    }
}
