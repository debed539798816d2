package ai.preceptor.teacher.similarity;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * ROUGE-L of two texts: how long the longest sequence of words is that both have in the same order.
 *
 * <p>With LCS its length, {@code precision = LCS / words of the candidate}, {@code recall = LCS / words of the reference},
 * {@code f = 2 p r / (p + r)}; 0 where a text has no words. Source: Lin 2004, ROUGE, 3.1 (beta 1). Equal to {@code rougeL} of
 * Python's {@code rouge_score} without stemmer. Words are {@link Words#rouge}: a text in another script than the Latin one
 * has none, and is similar to nothing.
 */
public final class RougeL {
    private final List<String> words;
    private final Map<String, Integer> counts = new HashMap<>();

    private RougeL(List<String> words) {
        this.words = words;
        words.forEach(word -> counts.merge(word, 1, Integer::sum));
    }

    /** A text, ready to be compared with many. */
    public static RougeL of(String text) {
        return new RougeL(Words.rouge(text));
    }

    /** The F-measure of two texts, 0 to 1; the same in both directions. */
    public static double fMeasure(String reference, String candidate) {
        return of(reference).fMeasure(of(candidate));
    }

    /** The F-measure with another text, 0 to 1. */
    public double fMeasure(RougeL other) {
        return fMeasure(longestCommonSubsequence(other), other);
    }

    /**
     * Whether the F-measure with another text is {@code threshold} or more. Quicker than {@link #fMeasure(RougeL)} where it is
     * far below.
     */
    public boolean reaches(double threshold, RougeL other) {
        int most = Math.min(words.size(), other.words.size());
        return fMeasure(most, other) >= threshold
                && fMeasure(shared(other), other) >= threshold
                && fMeasure(other) >= threshold;
    }

    private double fMeasure(int common, RougeL other) {
        if (common == 0) {
            return 0;
        }
        double precision = common / (double) other.words.size();
        double recall = common / (double) words.size();
        return 2 * precision * recall / (precision + recall);
    }

    /** Words that both have, in any order. */
    private int shared(RougeL other) {
        boolean fewer = counts.size() <= other.counts.size();
        Map<String, Integer> small = fewer ? counts : other.counts;
        Map<String, Integer> large = fewer ? other.counts : counts;
        int shared = 0;
        for (Map.Entry<String, Integer> entry : small.entrySet()) {
            shared += Math.min(entry.getValue(), large.getOrDefault(entry.getKey(), 0));
        }
        return shared;
    }

    private int longestCommonSubsequence(RougeL other) {
        int[] before = new int[other.words.size() + 1];
        int[] row = new int[before.length];
        for (String word : words) {
            for (int j = 1; j < row.length; j++) {
                row[j] = word.equals(other.words.get(j - 1)) ? before[j - 1] + 1 : Math.max(before[j], row[j - 1]);
            }
            int[] free = before;
            before = row;
            row = free;
        }
        return before[before.length - 1];
    }
}
