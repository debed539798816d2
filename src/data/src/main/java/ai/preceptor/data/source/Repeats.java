package ai.preceptor.data.source;

import java.util.List;

/** Counts equal rows of a list in 20 bytes of memory a row, without holding the rows. */
public final class Repeats {
    private final List<?> rows;
    private final int[] hashes;

    /** Of each row that is the first of its equals: how many come later. */
    private final int[] later;

    /** The first rows by a part of their hash: chains, of places plus 1. */
    private final int[] heads;

    private final int[] next;

    private Repeats(List<?> rows) {
        this.rows = rows;
        this.hashes = new int[rows.size()];
        this.later = new int[rows.size()];
        this.heads = new int[Integer.highestOneBit(Math.max(1, rows.size()))];
        this.next = new int[rows.size()];
    }

    /**
     * How many equal rows stand before each.
     *
     * @param rows may be made again each time one is asked for
     */
    public static int[] before(List<?> rows) {
        Repeats repeats = new Repeats(rows);
        int[] before = new int[rows.size()];
        for (int i = 0; i < before.length; i++) {
            before[i] = repeats.add(i, rows.get(i));
        }
        return before;
    }

    private int add(int place, Object row) {
        int hash = row.hashCode();
        int head = (hash ^ hash >>> 16) & (heads.length - 1);
        for (int at = heads[head]; at != 0; at = next[at - 1]) {
            int first = at - 1;
            if (hashes[first] == hash && rows.get(first).equals(row)) {
                return ++later[first];
            }
        }
        hashes[place] = hash;
        next[place] = heads[head];
        heads[head] = place + 1;
        return 0;
    }
}
