package ai.preceptor.vector;

/**
 * A row of a step: a sequence's last token, which is fed at {@code position}.
 *
 * @param position of the token
 * @param prefix blocks of tokens from position 0 on that it shares with others; may be empty
 * @param own its own blocks, the first of which begins at {@code ownFrom}
 * @param ownFrom position of the first own column; the tokens of {@code prefix}
 */
@SuppressWarnings("ArrayRecordComponent") // read once, compared by nobody
public record StepRow(int position, int[] prefix, int[] own, int ownFrom) {
    /** Block that the token is written to. */
    int block() {
        return own[(position - ownFrom) / KeyValueBlocks.COLUMNS];
    }

    /** Its column there. */
    int column() {
        return (position - ownFrom) % KeyValueBlocks.COLUMNS;
    }
}
