package ai.preceptor.teacher;

import ai.preceptor.data.ScorerException;
import java.util.List;

/** Calls a judge and checks its result. */
final class Verdicts {
    private Verdicts() {}

    /** One verdict per comparison, or a {@link ScorerException}. */
    static List<Verdict> of(Judge judge, List<Comparison> comparisons) {
        List<Verdict> verdicts = judge.compare(comparisons);
        if (verdicts.size() != comparisons.size()) {
            throw new ScorerException(judge.name() + ": " + verdicts.size() + " verdicts, must be one per comparison: "
                    + comparisons.size());
        }
        return verdicts;
    }
}
