package ai.preceptor.teacher.judge;

import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.JudgeStats;
import ai.preceptor.teacher.Verdict;
import java.util.List;

/**
 * A judge that is never sure: preferences are brought into [clamp, 1 - clamp]. Source: Bai et al. 2022, Constitutional AI,
 * arXiv:2212.08073, section 4.1, with 0.4 for judges that reason first.
 *
 * @param judge who judges; closed with this
 * @param clamp above 0 and below 0.5
 */
public record ClampedJudge(Judge judge, double clamp) implements Judge {
    /** @throws IllegalArgumentException if {@code clamp} is out of its range */
    public ClampedJudge {
        if (!(clamp > 0 && clamp < 0.5)) {
            throw new IllegalArgumentException("probability_clamp: received " + clamp + ", expected (0, 0.5)");
        }
    }

    @Override
    public String name() {
        return judge.name();
    }

    @Override
    public List<Verdict> compare(List<Comparison> comparisons) {
        return judge.compare(comparisons).stream().map(this::clamped).toList();
    }

    private Verdict clamped(Verdict verdict) {
        return verdict.isDecided()
                ? Verdict.of(Math.max(clamp, Math.min(1 - clamp, verdict.preference())))
                        .with(verdict.critique(), verdict.turned())
                : verdict;
    }

    @Override
    public JudgeStats stats() {
        return judge.stats();
    }

    @Override
    public void close() {
        judge.close();
    }
}
