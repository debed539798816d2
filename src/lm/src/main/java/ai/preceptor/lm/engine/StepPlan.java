package ai.preceptor.lm.engine;

import ai.preceptor.lm.engine.store.KvStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A decode step as whole numbers: what is fed, where it is written, and which blocks each row attends to.
 *
 * <p>Units are pieces of attention of one shape. An own unit is a block that one row reads; its number is the block's. A shared
 * unit is a block of a prompt and up to {@link #MEMBERS} rows that read it together; a prompt with more rows takes several passes.
 */
final class StepPlan {
    /** Rows that read a shared block together. */
    static final int MEMBERS = 8;

    private final List<Sample> rows;
    private final int width;
    private final long[] state;
    private final long[] counts;
    private int at;

    /**
     * @param width rows of the matrix products, at least those there are
     * @param leastUnits fewest units of attention in a batch
     */
    StepPlan(List<Sample> rows, KvStore store, int width, int leastUnits) {
        this.rows = rows;
        this.width = width;
        int n = rows.size();
        for (int i = 0; i < n; i++) {
            Sample row = rows.get(i);
            row.setRow(i);
            store.extend(row.blocks(), row.position() - row.firstPosition());
        }
        store.compact();
        int units = Math.max(store.own().span(), leastUnits);
        int shared = store.shared().span() == 0 ? 0 : Math.max(store.shared().span(), leastUnits);
        int parts = 0;
        int most = 0;
        for (Sample row : rows) {
            parts = Math.max(parts, row.blocks().size() + row.prompt().prefix().size());
            most = Math.max(most, row.prompt().running().size());
        }
        int passes = shared == 0 ? 0 : (most + MEMBERS - 1) / MEMBERS;
        this.counts = new long[] {n, width, units, shared, passes, parts};
        int members = passes * shared * MEMBERS;
        this.state = new long[2 * width + 3 * n + 3 * units + shared + 2 * members + n * parts];
        fill(units, shared, passes, parts);
    }

    long[] state() {
        return state;
    }

    /** Rows, width, own units, shared units, passes over them, most parts of a row. */
    long[] counts() {
        return counts;
    }

    private void fill(int units, int shared, int passes, int parts) {
        for (int i = 0; i < width; i++) {
            put(i < rows.size() ? rows.get(i).last().id() : 0);
        }
        for (int i = 0; i < width; i++) {
            put(i < rows.size() ? rows.get(i).position() : 0);
        }
        rows.forEach(row -> put(row.nextBits()));
        rows.forEach(row -> put(row.blocks().get((row.position() - row.firstPosition()) / KvStore.COLUMNS)));
        rows.forEach(row -> put((row.position() - row.firstPosition()) % KvStore.COLUMNS));
        int owners = at;
        fillOwn(owners, units);
        at = owners + 3 * units;
        int lengths = at;
        int members = lengths + shared;
        int offsets = members + passes * shared * MEMBERS;
        fillShared(lengths, members, offsets, shared);
        at = offsets + passes * shared * MEMBERS;
        fillPlaces(units, shared, parts);
    }

    /** Gaps are read by row 0 for nothing. */
    private void fillOwn(int owners, int units) {
        Arrays.fill(state, owners + units, owners + 2 * units, 1);
        for (int i = 0; i < rows.size(); i++) {
            Sample row = rows.get(i);
            for (int b = 0; b < row.blocks().size(); b++) {
                int unit = row.blocks().get(b);
                int offset = row.position() - row.firstPosition() - b * KvStore.COLUMNS;
                state[owners + unit] = i;
                state[owners + units + unit] = Math.min(KvStore.COLUMNS, offset + 1);
                state[owners + 2 * units + unit] = offset;
            }
        }
    }

    private void fillShared(int lengths, int members, int offsets, int shared) {
        Arrays.fill(state, lengths, lengths + shared, 1);
        List<QueuedPrompt> seen = new ArrayList<>();
        for (Sample row : rows) {
            if (row.prompt().isShared() && !seen.contains(row.prompt())) {
                seen.add(row.prompt());
            }
        }
        for (QueuedPrompt prompt : seen) {
            for (int b = 0; b < prompt.prefix().size(); b++) {
                int unit = shared - 1 - prompt.prefix().get(b);
                state[lengths + unit] = Math.min(KvStore.COLUMNS, prompt.length() - b * KvStore.COLUMNS);
                for (int m = 0; m < prompt.running().size(); m++) {
                    Sample row = prompt.running().get(m);
                    int slot = (m / MEMBERS * shared + unit) * MEMBERS + m % MEMBERS;
                    state[members + slot] = row.row();
                    state[offsets + slot] = row.position() - (long) b * KvStore.COLUMNS;
                }
            }
        }
    }

    private void fillPlaces(int units, int shared, int parts) {
        for (Sample row : rows) {
            QueuedPrompt prompt = row.prompt();
            int member = prompt.running().indexOf(row);
            for (int b = 0; b < parts; b++) {
                int own = b - prompt.prefix().size();
                if (own < 0) {
                    int unit = shared - 1 - prompt.prefix().get(b);
                    put(units + ((long) member / MEMBERS * shared + unit) * MEMBERS + member % MEMBERS);
                } else {
                    put(
                            own < row.blocks().size()
                                    ? row.blocks().get(own)
                                    : -1 - row.blocks().get(0));
                }
            }
        }
    }

    private void put(long number) {
        state[at++] = number;
    }
}
