package ai.preceptor.data.support;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ids that each token of an answer was drawn from, where a filter such as top-p left out others.
 *
 * <p>A token's ids are stored in the shorter of two forms: the differences of rising ids, seven bits to a byte, or one bit for each
 * id up to the largest. Twenty ids of a vocabulary of 150 000 take about 40 bytes, and no set takes more than 19 KB, one bit per
 * entry of the vocabulary. Immutable.
 */
public final class TokenSupports {
    private static final int DIFFERENCES = 0;
    private static final int BITS = 1;
    private static final int MORE = 0x80;
    private static final int LONGEST_DIFFERENCE = 5;

    private final byte[] bytes;
    private final int[] ends;

    private TokenSupports(byte[] bytes, int[] ends) {
        this.bytes = bytes;
        this.ends = ends;
    }

    /**
     * The value that {@link #bytes} and {@link #ends} came from. Nothing is trusted: it may have come over a network.
     *
     * @param bytes not copied, do not modify
     * @param ends not copied, do not modify
     * @throws IllegalArgumentException if they are not of such a value
     */
    public static TokenSupports of(byte[] bytes, int[] ends) {
        int last = 0;
        for (int end : ends) {
            require(end >= last && end <= bytes.length, "ends");
            last = end;
        }
        require(last == bytes.length, "ends");
        TokenSupports made = new TokenSupports(bytes, ends);
        for (int token = 0; token < ends.length; token++) {
            if (!made.isWhole(token)) {
                require(made.ids(token).length > 0, "token " + token);
            }
        }
        return made;
    }

    /** Starts with no token. */
    public static Builder builder() {
        return new Builder();
    }

    /** Number of tokens. */
    public int tokens() {
        return ends.length;
    }

    /** Whether a token was drawn from the whole vocabulary. */
    public boolean isWhole(int token) {
        return start(token) == ends[token];
    }

    /**
     * The ids that a token was drawn from, rising.
     *
     * @throws IllegalStateException if it was drawn from the whole vocabulary
     */
    public int[] ids(int token) {
        int start = start(token);
        int end = ends[token];
        if (start == end) {
            throw new IllegalStateException("token " + token + ": was drawn from the whole vocabulary");
        }
        if (bytes[start] == BITS) {
            return BitSet.valueOf(Arrays.copyOfRange(bytes, start + 1, end)).stream()
                    .toArray();
        }
        require(bytes[start] == DIFFERENCES, "token " + token);
        int[] ids = new int[end - start - 1];
        int count = 0;
        long id = -1;
        for (int at = start + 1; at < end; count++) {
            long difference = 0;
            int shift = 0;
            int next;
            do {
                require(at < end && shift < 7 * LONGEST_DIFFERENCE, "token " + token);
                next = bytes[at++];
                difference |= (long) (next & ~MORE & 0xFF) << shift;
                shift += 7;
            } while ((next & MORE) != 0);
            id += difference;
            require(difference > 0 && id <= Integer.MAX_VALUE, "token " + token);
            ids[count] = (int) id;
        }
        return Arrays.copyOf(ids, count);
    }

    /**
     * Checks that they are those of an answer.
     *
     * @throws IllegalArgumentException if the number of tokens differs, or one is not among the ids it was drawn from
     */
    public void requireFits(int[] tokenIds) {
        if (tokenIds.length != tokens()) {
            throw new IllegalArgumentException(
                    "support: expected one per token (" + tokenIds.length + "), received " + tokens());
        }
        for (int token = 0; token < tokenIds.length; token++) {
            if (!isWhole(token) && Arrays.binarySearch(ids(token), tokenIds[token]) < 0) {
                throw new IllegalArgumentException(
                        "support[" + token + "]: expected to contain the token's own id " + tokenIds[token]);
            }
        }
    }

    /** All tokens' ids, one after another; not copied, do not modify. */
    public byte[] bytes() {
        return bytes;
    }

    /** {@code [tokens]}: where each token's ids end in {@link #bytes}; not copied, do not modify. */
    public int[] ends() {
        return ends;
    }

    private int start(int token) {
        return token == 0 ? 0 : ends[token - 1];
    }

    private static void require(boolean legal, String where) {
        if (!legal) {
            throw new IllegalArgumentException("support: " + where + ": no rising token ids");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenSupports that
                && Arrays.equals(bytes, that.bytes)
                && Arrays.equals(ends, that.ends);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + Arrays.hashCode(ends);
    }

    @Override
    public String toString() {
        return "TokenSupports[" + tokens() + " tokens, " + bytes.length + " bytes]";
    }

    /** Collects the tokens of an answer in order. Not thread-safe. */
    public static final class Builder {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Integer> ends = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a token.
         *
         * @param ids that it was drawn from, at least one, rising; null for the whole vocabulary
         * @return this
         * @throws IllegalArgumentException if they are none, or not rising
         */
        public Builder add(int @Nullable [] ids) {
            if (ids != null) {
                require(ids.length > 0, "token " + ends.size());
                byte[] differences = differences(ids, "token " + ends.size());
                if (differences.length <= ids[ids.length - 1] / Byte.SIZE + 1) {
                    bytes.write(DIFFERENCES);
                    bytes.writeBytes(differences);
                } else {
                    BitSet bits = new BitSet(ids[ids.length - 1] + 1);
                    Arrays.stream(ids).forEach(bits::set);
                    bytes.write(BITS);
                    bytes.writeBytes(bits.toByteArray());
                }
            }
            ends.add(bytes.size());
            return this;
        }

        /**
         * Adds the tokens of a part.
         *
         * @param part null for tokens that were all drawn from the whole vocabulary
         * @param tokens how many they are
         * @return this
         */
        public Builder addAll(@Nullable TokenSupports part, int tokens) {
            for (int token = 0; token < tokens; token++) {
                add(part == null || part.isWhole(token) ? null : part.ids(token));
            }
            return this;
        }

        /** The value; null if every token was drawn from the whole vocabulary. */
        public @Nullable TokenSupports build() {
            if (bytes.size() == 0) {
                return null;
            }
            return new TokenSupports(
                    bytes.toByteArray(),
                    ends.stream().mapToInt(Integer::intValue).toArray());
        }

        private static byte[] differences(int[] ids, String where) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int last = -1;
            for (int id : ids) {
                require(id > last, where);
                int rest = id - last;
                while (rest >= MORE) {
                    out.write(rest | MORE);
                    rest >>>= 7;
                }
                out.write(rest);
                last = id;
            }
            return out.toByteArray();
        }
    }
}
