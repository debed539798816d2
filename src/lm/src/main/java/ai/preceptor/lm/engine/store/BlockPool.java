package ai.preceptor.lm.engine.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which sequence has which of the blocks 0, 1, 2 ... of one kind. They are kept close together, for all up to the last are read. */
public final class BlockPool {
    private final List<@Nullable BlockTable> holders = new ArrayList<>();
    private int used;

    /** Blocks from 0 to the last that is in use. */
    public int span() {
        return holders.size();
    }

    /** Blocks in use. */
    public int used() {
        return used;
    }

    /** Whose a block is, null for a gap. */
    @Nullable
    BlockTable holder(int block) {
        return holders.get(block);
    }

    /** Appends the first free block to a sequence. @return which */
    int take(BlockTable holder) {
        int block = used == holders.size() ? used : holders.indexOf(null);
        if (block == holders.size()) {
            holders.add(holder);
        } else {
            holders.set(block, holder);
        }
        used++;
        holder.add(block);
        return block;
    }

    /** Frees all blocks of a sequence. */
    void release(BlockTable holder) {
        for (int i = 0; i < holder.size(); i++) {
            holders.set(holder.get(i), null);
        }
        used -= holder.size();
        holder.clear();
        trim();
    }

    /** Whether every block up to the last is in use. */
    boolean isDense() {
        return used == span();
    }

    /** Whether gaps are more than an eighth of the span. */
    boolean isSparse() {
        return 8 * (span() - used) > span();
    }

    /** Moves of the last blocks into all gaps, to be made. @return pairs (from, to) */
    List<int[]> closingMoves() {
        List<int[]> moves = new ArrayList<>();
        int last = span() - 1;
        for (int gap = 0; gap < last; gap++) {
            if (holders.get(gap) == null) {
                moves.add(new int[] {last, gap});
                last--;
            }
            while (last > gap && holders.get(last) == null) {
                last--;
            }
        }
        return moves;
    }

    /** Notes moves that were made. */
    void move(List<int[]> moves) {
        for (int[] move : moves) {
            BlockTable holder = Objects.requireNonNull(holders.set(move[0], null), "a gap cannot move");
            holder.moved(move[0], move[1]);
            holders.set(move[1], holder);
        }
        trim();
    }

    private void trim() {
        while (!holders.isEmpty() && holders.get(span() - 1) == null) {
            holders.remove(span() - 1);
        }
    }
}
