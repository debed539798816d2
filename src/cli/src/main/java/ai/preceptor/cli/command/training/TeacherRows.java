package ai.preceptor.cli.command.training;

import ai.preceptor.data.DataException;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.lm.TopTokens;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows that a teacher runs over for its cache.
 *
 * @param k tokens of each distribution
 * @param temperature of the distributions
 * @param rows as the teacher sees them
 */
record TeacherRows(int k, double temperature, List<TokenRow> rows) {
    /** The rows for another process. */
    byte[] toBytes() {
        int size = Integer.BYTES + Double.BYTES + Integer.BYTES;
        for (TokenRow row : rows) {
            size += (2 + row.prompt().length + row.completion().length) * Integer.BYTES + row.learnt().length;
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(size).putInt(k).putDouble(temperature).putInt(rows.size());
        for (TokenRow row : rows) {
            put(bytes, row.prompt());
            put(bytes, row.completion());
            for (boolean learnt : row.learnt()) {
                bytes.put((byte) (learnt ? 1 : 0));
            }
        }
        return bytes.array();
    }

    private static void put(ByteBuffer bytes, int[] ids) {
        bytes.putInt(ids.length);
        for (int id : ids) {
            bytes.putInt(id);
        }
    }

    /**
     * The rows of {@link #toBytes}.
     *
     * @throws DataException if the bytes are something else
     */
    static TeacherRows of(byte[] array) {
        ByteBuffer bytes = ByteBuffer.wrap(array);
        try {
            int k = bytes.getInt();
            double temperature = bytes.getDouble();
            List<TokenRow> rows = new ArrayList<>();
            for (int left = bytes.getInt(); left > 0; left--) {
                int[] prompt = ids(bytes);
                int[] completion = ids(bytes);
                boolean[] learnt = new boolean[completion.length];
                for (int i = 0; i < learnt.length; i++) {
                    learnt[i] = bytes.get() != 0;
                }
                rows.add(new TokenRow(prompt, completion, learnt));
            }
            return new TeacherRows(k, temperature, rows);
        } catch (BufferUnderflowException e) {
            throw ended(array, e);
        }
    }

    private static int[] ids(ByteBuffer bytes) {
        int length = bytes.getInt();
        if (length < 0 || length > bytes.remaining() / Integer.BYTES) {
            throw new BufferUnderflowException();
        }
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
            ids[i] = bytes.getInt();
        }
        return ids;
    }

    private static DataException ended(byte[] array, BufferUnderflowException cause) {
        return new DataException("rows of a teacher's cache: ends after " + array.length + " bytes", cause);
    }

    /** Distributions of each row for another process. */
    static byte[] toBytes(List<TopTokens> found) {
        int size = Integer.BYTES;
        for (TopTokens top : found) {
            size += 2 * Integer.BYTES + top.ids().length * Integer.BYTES + top.logprobs().length * Float.BYTES;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).putInt(found.size());
        for (TopTokens top : found) {
            bytes.putInt(top.k());
            put(bytes, top.ids());
            for (float logprob : top.logprobs()) {
                bytes.putFloat(logprob);
            }
        }
        return bytes.array();
    }

    /**
     * The distributions of {@link #toBytes(List)}.
     *
     * @throws DataException if the bytes are something else
     */
    static List<TopTokens> found(byte[] array) {
        ByteBuffer bytes = ByteBuffer.wrap(array);
        try {
            List<TopTokens> found = new ArrayList<>();
            for (int left = bytes.getInt(); left > 0; left--) {
                int k = bytes.getInt();
                int[] ids = ids(bytes);
                if (k < 1 || ids.length % k != 0) {
                    throw new DataException("rows of a teacher's cache: " + ids.length + " tokens of k " + k
                            + " a row, expected k of 1 or more and whole rows");
                }
                float[] logprobs = new float[ids.length / k * (k + 1)];
                for (int i = 0; i < logprobs.length; i++) {
                    logprobs[i] = bytes.getFloat();
                }
                found.add(new TopTokens(k, ids, logprobs));
            }
            return found;
        } catch (BufferUnderflowException e) {
            throw ended(array, e);
        }
    }
}
