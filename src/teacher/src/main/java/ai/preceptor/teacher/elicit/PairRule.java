package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.teacher.Scores;
import java.util.ArrayList;
import java.util.List;

/** Which pairs of a ranked group become preferences. */
public enum PairRule {

    /** The best answer against the worst, the first of each if several are: one pair a prompt. */
    BEST_WORST {
        @Override
        List<Preference> pairs(RankedGroup group, PreferenceSelection selection) {
            int best = 0;
            int worst = 0;
            for (int i = 1; i < group.size(); i++) {
                best = group.scores().get(i) > group.scores().get(best) ? i : best;
                worst = group.scores().get(i) < group.scores().get(worst) ? i : worst;
            }
            return apart(group, best, worst, selection)
                    ? List.of(selection.pair(group, best, worst, gap(group, best, worst)))
                    : List.of();
        }
    },

    /** All strictly ordered pairs: up to K (K - 1) / 2 a prompt, so prompts with more answers weigh more. */
    ALL_PAIRS {
        @Override
        List<Preference> pairs(RankedGroup group, PreferenceSelection selection) {
            List<Preference> pairs = new ArrayList<>();
            for (int i = 0; i < group.size(); i++) {
                for (int j = 0; j < group.size(); j++) {
                    if (apart(group, i, j, selection)) {
                        pairs.add(selection.pair(group, i, j, gap(group, i, j)));
                    }
                }
            }
            return pairs;
        }
    };

    /**
     * Pairs whose scores differ, by at least what the selection asks for.
     *
     * @param selection also says what a pair carries
     */
    abstract List<Preference> pairs(RankedGroup group, PreferenceSelection selection);

    private static boolean apart(RankedGroup group, int better, int worse, PreferenceSelection selection) {
        double gap = gap(group, better, worse);
        return gap > 0 && gap >= selection.minGap();
    }

    private static double gap(RankedGroup group, int better, int worse) {
        return Scores.rounded(group.scores().get(better) - group.scores().get(worse));
    }
}
