package ai.preceptor.teacher.judge;

import ai.preceptor.data.ScorerException;
import ai.preceptor.data.closing.Closing;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.JudgeStats;
import ai.preceptor.teacher.Scores;
import ai.preceptor.teacher.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Several judges as one: the mean of their preferences. A comparison is decided only if all decide it, so that every verdict
 * is that of the same panel.
 *
 * @param judges at least one; closed with this
 */
public record PanelJudge(List<Judge> judges) implements Judge {
    /** @throws IllegalArgumentException if there is no judge */
    public PanelJudge {
        judges = List.copyOf(judges);
        if (judges.isEmpty()) {
            throw new IllegalArgumentException("judges: received 0, expected at least 1");
        }
    }

    @Override
    public String name() {
        return judges.stream().map(Judge::name).collect(Collectors.joining(","));
    }

    @Override
    public List<Verdict> compare(List<Comparison> comparisons) {
        List<List<Verdict>> columns = new ArrayList<>();
        for (Judge judge : judges) {
            List<Verdict> own = judge.compare(comparisons);
            if (own.size() != comparisons.size()) {
                throw new ScorerException(judge.name() + ": " + own.size() + " verdicts, must be one per comparison: "
                        + comparisons.size());
            }
            columns.add(own);
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < comparisons.size(); i++) {
            verdicts.add(mean(columns, i));
        }
        return verdicts;
    }

    private Verdict mean(List<List<Verdict>> columns, int comparison) {
        double sum = 0;
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        for (int k = 0; k < judges.size(); k++) {
            Verdict own = columns.get(k).get(comparison);
            if (!own.isDecided()) {
                return Verdict.undecided(judges.get(k).name() + ": " + own.problem());
            }
            sum += own.preference();
            if (own.critique() != null) {
                first.add(judges.get(k).name() + ":\n" + own.critique());
            }
            if (own.turned() != null) {
                second.add(judges.get(k).name() + ":\n" + own.turned());
            }
        }
        return Verdict.of(Scores.mean(sum, judges.size()))
                .with(
                        first.isEmpty() ? null : String.join("\n\n", first),
                        second.isEmpty() ? null : String.join("\n\n", second));
    }

    /** Of all judges together. */
    @Override
    public JudgeStats stats() {
        JudgeStats all = JudgeStats.NONE;
        for (Judge judge : judges) {
            all = all.plus(judge.stats());
        }
        return all;
    }

    /** Closes all, also when closing one of them fails; the first failure is thrown. */
    @Override
    public void close() {
        Closing.all(judges, Judge::close);
    }
}
