package ai.preceptor.data.setting;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The candidates nearest to a word that is not known: by edits (swapping neighbours is one edit, case is none), by the words
 * of a name that they share ({@code epochs}, {@code num_train_epochs}), or by initials ({@code lr}, {@code learning_rate}).
 */
public final class Nearest {
    private static final int MOST = 3;
    private static final int SHORT = 3;
    /** Candidates this much further than the nearest are not worth a mention. */
    private static final double CLOSE = 0.15;

    private final Collection<String> candidates;

    /** @param candidates the words that are known */
    public Nearest(Collection<String> candidates) {
        this.candidates = candidates;
    }

    /** The nearest candidate, if it shares enough with {@code word} to be a likely meaning. */
    public Optional<String> to(String word) {
        return several(word).stream().findFirst();
    }

    /** The nearest candidates, at most three, nearest first; those of about the same distance. */
    public List<String> several(String word) {
        Map<String, Double> distances = candidates.stream()
                .distinct()
                .collect(
                        Collectors.toMap(candidate -> candidate, candidate -> distance(lower(word), lower(candidate))));
        double least =
                distances.values().stream().min(Comparator.naturalOrder()).orElse(Double.POSITIVE_INFINITY);
        return distances.entrySet().stream()
                .filter(one -> Double.isFinite(one.getValue()) && one.getValue() <= least + CLOSE)
                .sorted(Map.Entry.<String, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What was probably meant, to be said after what was found: {@code "; nearest is X"}; empty if nothing is near. */
    public String hint(String word) {
        return to(word).map(near -> "; nearest is " + near).orElse("");
    }

    /** The same with all that are about as near, for keys. */
    public String severalHint(String word) {
        return hintOf(several(word));
    }

    /** What was probably meant by a key. */
    public static String hintOf(List<String> near) {
        return switch (near.size()) {
            case 0 -> "";
            case 1 -> "; nearest known key is " + near.get(0);
            default -> "; nearest known keys are " + String.join(", ", near);
        };
    }

    /** From 0 to about 1; infinite for what is not likely meant. */
    private static double distance(String word, String candidate) {
        int length = Math.max(word.length(), candidate.length());
        int edits = edits(word, candidate);
        double nearest = Double.POSITIVE_INFINITY;
        if (edits <= Math.max(length <= SHORT ? 1 : 2, length / 3) && edits < word.length()) {
            nearest = (double) edits / length;
        }
        if (word.length() > 1 && word.equals(initials(candidate))) {
            nearest = Math.min(nearest, 0.2);
        }
        if (word.length() > 2 && (candidate.contains(word) || word.contains(candidate))) {
            nearest = Math.min(nearest, 0.3 + 0.1 * Math.abs(word.length() - candidate.length()) / length);
        }
        return Math.min(nearest, byWords(word.split("[_.-]"), candidate.split("[_.-]")));
    }

    /** By the share of long words that the other name does not have. */
    private static double byWords(String[] word, String[] candidate) {
        int shared = 0;
        for (String part : word) {
            for (String other : candidate) {
                if (part.length() > 2 && (other.startsWith(part) || (other.length() > 2 && part.startsWith(other)))) {
                    shared++;
                    break;
                }
            }
        }
        double share = (double) shared / Math.max(word.length, candidate.length);
        return 2 * shared >= word.length && shared > 0 ? 0.7 - 0.4 * share : Double.POSITIVE_INFINITY;
    }

    private static String initials(String name) {
        StringBuilder initials = new StringBuilder();
        for (String part : name.split("[_.-]")) {
            initials.append(part.isEmpty() ? "" : part.substring(0, 1));
        }
        return initials.toString();
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    private static int edits(String from, String to) {
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
