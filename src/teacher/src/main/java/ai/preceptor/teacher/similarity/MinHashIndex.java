package ai.preceptor.teacher.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds signatures that may be similar to one, by the bands in which they agree. */
public final class MinHashIndex {
    private final Bands cut;
    private final List<int[]> signatures = new ArrayList<>();
    private final List<Map<List<Integer>, List<Integer>>> buckets = new ArrayList<>();

    /** An index without signatures. */
    public MinHashIndex(Bands cut) {
        this.cut = cut;
        for (int i = 0; i < cut.bands(); i++) {
            buckets.add(new HashMap<>());
        }
    }

    /** Adds one, and gives its number, from 0. */
    public int add(int[] signature) {
        int number = signatures.size();
        signatures.add(signature);
        for (int band = 0; band < cut.bands(); band++) {
            buckets.get(band)
                    .computeIfAbsent(key(signature, band), key -> new ArrayList<>())
                    .add(number);
        }
        return number;
    }

    /** The numbers of those that agree with it in a band, in order. */
    public Set<Integer> candidates(int[] signature) {
        Set<Integer> found = new TreeSet<>();
        for (int band = 0; band < cut.bands(); band++) {
            found.addAll(buckets.get(band).getOrDefault(key(signature, band), List.of()));
        }
        return found;
    }

    /** The signature of a number. */
    public int[] signature(int number) {
        return signatures.get(number);
    }

    private List<Integer> key(int[] signature, int band) {
        return Arrays.stream(signature, band * cut.rows(), (band + 1) * cut.rows())
                .boxed()
                .toList();
    }
}
