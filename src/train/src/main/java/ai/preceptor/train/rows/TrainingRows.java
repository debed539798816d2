package ai.preceptor.train.rows;

import ai.preceptor.data.DataException;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.EncodingException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Rows that fit the run's limits, measured in tokens before it starts. TRL cuts what is longer than {@code max_length};
 * here nothing is cut: a longer row is left out and counted, or refused.
 *
 * @param rows the rows to train on, in their order
 * @param positions for each of them, its place (0-based) among all rows that were given
 * @param dropped rows left out because an answer, with its prompt, is longer than {@code max_length}
 * @param longest tokens of the longest prompt with answer among {@code rows}
 * @param checksum of the tokens, answers and order of {@code rows}: distinguishes them from another run's rows
 */
public record TrainingRows<R>(List<R> rows, List<Integer> positions, int dropped, int longest, long checksum) {

    public TrainingRows {
        rows = LazyRows.copyOf(rows);
        positions = LazyRows.copyOf(positions);
    }

    /**
     * Packs every row once and keeps those that fit.
     *
     * @param rows at least one
     * @param packer how the run packs a row
     * @param maxLength most tokens of a prompt with one of its answers; 0 or less for no limit
     * @param overLength what to do with a longer one
     * @throws DataException when there is no row, none that fits, or a longer one and {@code overLength} refuses it
     * @throws EncodingException when a row cannot be turned into ids, with its place
     */
    public static <R> TrainingRows<R> measure(List<R> rows, Packer<R> packer, int maxLength, OverLength overLength) {
        int[] kept = new int[rows.size()];
        int fitting = 0;
        CRC32C checksum = new CRC32C();
        int longest = 0;
        for (int i = 0; i < rows.size(); i++) {
            PackedBatch.Builder builder = PackedBatch.builder();
            try {
                packer.pack(rows.get(i), builder);
            } catch (EncodingException refused) {
                throw new EncodingException("row " + i + " (0-based): " + refused.getMessage(), refused);
            }
            PackedBatch packed = builder.build();
            int length = longestSequence(packed);
            if (maxLength <= 0 || length <= maxLength) {
                kept[fitting++] = i;
                longest = Math.max(longest, length);
                update(checksum, packed);
            } else if (overLength == OverLength.REFUSE) {
                throw new DataException("row " + i + " (0-based): a prompt with its answer has " + length
                        + " tokens, legal: up to max_length " + maxLength + "; raise max_length, shorten the row, or"
                        + " let such rows be dropped");
            }
        }
        if (fitting == 0) {
            throw new DataException(
                    rows.isEmpty()
                            ? "no rows to train on"
                            : "no rows to train on: all " + rows.size() + " are longer than max_length " + maxLength
                                    + " tokens");
        }
        int[] positions = Arrays.copyOf(kept, fitting);
        return new TrainingRows<>(
                LazyRows.select(rows, positions),
                new LazyRows<>(fitting, i -> positions[i]),
                rows.size() - fitting,
                longest,
                checksum.getValue());
    }

    /** Tokens of the longest prompt with answer in a batch, counting the last token, which is predicted but not fed. */
    static int longestSequence(PackedBatch packed) {
        int longest = 0;
        for (Span span : packed.spans()) {
            if (span.length() > 0) {
                int last = span.to() - 1;
                int fed = packed.positions()[packed.sources()[last]] + 1;
                longest = Math.max(longest, packed.targets()[last] == PackedBatch.NO_TARGET ? fed : fed + 1);
            }
        }
        return longest;
    }

    private static void update(CRC32C checksum, PackedBatch packed) {
        for (int[] numbers : new int[][] {packed.tokens(), packed.positions(), packed.sources(), packed.targets()}) {
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (numbers.length + 1));
            bytes.putInt(numbers.length);
            bytes.asIntBuffer().put(numbers);
            checksum.update(bytes.array());
        }
    }
}
