package ai.preceptor.teacher.similarity;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Finds signatures that may be similar to one, by the bands in which they agree. It takes 12 to 24 bytes of memory a signature and
 * band; of the signatures themselves those that would take more than an eighth of the heap are on the disk.
 */
public final class MinHashIndex {
    private final Signatures signatures;
    private final List<Table> tables;

    /**
     * An index without signatures.
     *
     * @param permutations numbers in a signature
     */
    public MinHashIndex(Bands cut, int permutations) {
        this(cut, new Signatures(permutations));
    }

    MinHashIndex(Bands cut, Signatures signatures) {
        this.signatures = signatures;
        tables = IntStream.range(0, cut.bands())
                .mapToObj(band -> new Table(signatures, band * cut.rows(), (band + 1) * cut.rows()))
                .toList();
    }

    /** Adds one, and gives its number, from 0. */
    public int add(int[] signature) {
        int number = signatures.size();
        signatures.add(signature);
        tables.forEach(table -> table.add(signature, number));
        return number;
    }

    /** The numbers of those that agree with it in a band, in order. */
    public Set<Integer> candidates(int[] signature) {
        Set<Integer> found = new TreeSet<>();
        tables.forEach(table -> table.addEqual(signature, found));
        return found;
    }

    /** The signature of a number. */
    public int[] signature(int number) {
        return signatures.get(number);
    }

    /**
     * The signatures by one band. Those that are equal in it are a chain, from the last added to the first. Numbers are kept plus
     * 1; 0 is none.
     */
    private static final class Table {
        private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

        private final Signatures signatures;
        private final int from;
        private final int to;

        /** The last of each chain, by the hash of its band, or in the next free slot. A power of 2 of them. */
        private int[] last = new int[16];

        /** The one before it in its chain, by number. */
        private int[] before = new int[8];

        private int chains;

        Table(Signatures signatures, int from, int to) {
            this.signatures = signatures;
            this.from = from;
            this.to = to;
        }

        void add(int[] signature, int number) {
            if (number == before.length) {
                before = Arrays.copyOf(before, 2 * number);
            }
            if (2 * chains >= last.length) {
                grow();
            }
            int slot = slot(signature);
            chains += last[slot] == 0 ? 1 : 0;
            before[number] = last[slot];
            last[slot] = number + 1;
        }

        void addEqual(int[] signature, Set<Integer> found) {
            for (int next = last[slot(signature)]; next != 0; next = before[next - 1]) {
                found.add(next - 1);
            }
        }

        private void grow() {
            int[] chained = last;
            last = new int[2 * chained.length];
            for (int next : chained) {
                if (next != 0) {
                    last[slot(signatures.get(next - 1))] = next;
                }
            }
        }

        /** Where the chain of a band is, or would be. */
        private int slot(int[] signature) {
            int slot = hash(signature) & (last.length - 1);
            while (last[slot] != 0 && !isEqual(signature, signatures.get(last[slot] - 1))) {
                slot = (slot + 1) & (last.length - 1);
            }
            return slot;
        }

        private boolean isEqual(int[] one, int[] two) {
            return Arrays.equals(one, from, to, two, from, to);
        }

        private int hash(int[] signature) {
            long hash = 0;
            for (int i = from; i < to; i++) {
                hash = (hash ^ signature[i]) * MULTIPLIER;
                hash ^= hash >>> 32;
            }
            return (int) hash;
        }
    }
}
