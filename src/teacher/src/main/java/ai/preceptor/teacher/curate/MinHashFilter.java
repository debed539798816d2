package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.data.setting.Range;
import ai.preceptor.teacher.similarity.Bands;
import ai.preceptor.teacher.similarity.MinHash;
import ai.preceptor.teacher.similarity.MinHashIndex;
import ai.preceptor.teacher.similarity.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Drops rows whose set of words has an estimated Jaccard similarity of the threshold or more with an earlier row that stays.
 * Candidates come from locality-sensitive hashing, whose bands weigh a miss nine times a candidate too many; each is then
 * compared by its whole signature. Of rows at the threshold itself about a fifth are not found. Rows without words stay.
 *
 * @param text what is compared
 * @param threshold in (0, 1)
 * @param permutations numbers in a signature, 1 to 4096
 */
public record MinHashFilter(RowText text, double threshold, int permutations) implements RowFilter {
    private static final double MISS_WEIGHT = 0.9;

    /** @throws IllegalArgumentException if a number is out of its range */
    public MinHashFilter {
        Range.require("threshold", threshold, "(0, 1)");
        Range.require("permutations", permutations, "[1, 4096]");
    }

    @Override
    public String name() {
        return "MinHash";
    }

    @Override
    public List<@Nullable Drop> judge(List<SourceRow> rows) {
        MinHash hash = new MinHash(permutations);
        MinHashIndex index = new MinHashIndex(Bands.optimal(threshold, permutations, MISS_WEIGHT), permutations);
        PlaceNumbers numbers = new PlaceNumbers();
        List<Long> places = new ArrayList<>();
        List<@Nullable Drop> verdicts = new ArrayList<>();
        for (SourceRow row : rows) {
            Set<String> words = new HashSet<>(Words.of(text.joined(row)));
            if (words.isEmpty()) {
                verdicts.add(null);
                continue;
            }
            int[] signature = hash.signature(words);
            int earlier = similar(signature, index);
            if (earlier < 0) {
                index.add(signature);
                places.add(numbers.of(row));
                verdicts.add(null);
                continue;
            }
            double jaccard = MinHash.jaccard(signature, index.signature(earlier));
            String place = numbers.seenFrom(row, places.get(earlier));
            verdicts.add(
                    new Drop("near_duplicate", String.format(Locale.ROOT, "Jaccard %.3f with %s", jaccard, place)));
        }
        return verdicts;
    }

    /** The number of the first row in the index that is similar, or -1. */
    private int similar(int[] signature, MinHashIndex index) {
        for (int candidate : index.candidates(signature)) {
            if (MinHash.jaccard(signature, index.signature(candidate)) >= threshold) {
                return candidate;
            }
        }
        return -1;
    }
}
