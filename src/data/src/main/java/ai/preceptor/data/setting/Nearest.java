package ai.preceptor.data.setting;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The candidate nearest to a misspelt word: fewest edits, where swapping neighbours is one edit and case is
 * none. */
public final class Nearest {
    private final Collection<String> candidates;

    /** @param candidates the words that are known */
    public Nearest(Collection<String> candidates) {
        this.candidates = candidates;
    }

    /** The nearest candidate, if it shares enough with {@code word} to be a likely meaning. */
    public Optional<String> to(String word) {
        return candidates.stream()
                .min(Comparator.comparingInt((String candidate) -> edits(word, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(best -> isLikely(word, best));
    }

    /** What was probably meant, to be said after what was found: {@code "; nearest is X"}; empty if nothing is near. */
    public String hint(String word) {
        return to(word).map(near -> "; nearest is " + near).orElse("");
    }

    private static boolean isLikely(String word, String best) {
        return edits(word, best) <= Math.max(2, Math.max(word.length(), best.length()) / 3)
                || (word.length() > 2 && (best.contains(word) || word.contains(best)));
    }

    private static int edits(String word, String candidate) {
        String from = word.toLowerCase(Locale.ROOT);
        String to = candidate.toLowerCase(Locale.ROOT);
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(from, to, i, j, cost);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int cheapest(String from, String to, int i, int j, int[][] cost) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int best = Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
