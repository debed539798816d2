package ai.preceptor.data.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Numbers by texts. Of a text only 128 bits of its SHA-256 are kept, so that it takes 48 to 96 bytes however long it is; texts
 * with equal bits are taken for the same. Not safe for several threads.
 */
public final class DigestIndex {
    private static final int NUMBERS_PER_SLOT = 3;

    private final MessageDigest sha256 = sha256();

    /** Digest, digest, and the number plus 1; or three zeros. A power of 2 of them, of which half are used at most. */
    private long[] slots = new long[NUMBERS_PER_SLOT * 16];

    private int size;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** How many texts have a number. */
    public int size() {
        return size;
    }

    /** The number of a text, or -1. */
    public long find(String text) {
        byte[] digest = digest(text);
        return slots[slot(slots, bits(digest, 0), bits(digest, Long.BYTES)) + 2] - 1;
    }

    /**
     * Gives a text a number, instead of an earlier one.
     *
     * @param number 0 or more
     */
    public void put(String text, long number) {
        if (number < 0) {
            throw new IllegalArgumentException("number: " + number + ", must be 0 or more");
        }
        byte[] digest = digest(text);
        long high = bits(digest, 0);
        long low = bits(digest, Long.BYTES);
        int slot = slot(slots, high, low);
        size += slots[slot + 2] == 0 ? 1 : 0;
        set(slots, slot, high, low, number + 1);
        if (2L * size * NUMBERS_PER_SLOT > slots.length) {
            grow();
        }
    }

    private void grow() {
        long[] larger = new long[2 * slots.length];
        for (int i = 0; i < slots.length; i += NUMBERS_PER_SLOT) {
            if (slots[i + 2] != 0) {
                set(larger, slot(larger, slots[i], slots[i + 1]), slots[i], slots[i + 1], slots[i + 2]);
            }
        }
        slots = larger;
    }

    private static void set(long[] slots, int slot, long high, long low, long number) {
        slots[slot] = high;
        slots[slot + 1] = low;
        slots[slot + 2] = number;
    }

    /** Where a digest is, or would be. */
    private static int slot(long[] slots, long high, long low) {
        int mask = slots.length / NUMBERS_PER_SLOT - 1;
        int place = (int) high & mask;
        while (true) {
            int slot = place * NUMBERS_PER_SLOT;
            if (slots[slot + 2] == 0 || (slots[slot] == high && slots[slot + 1] == low)) {
                return slot;
            }
            place = (place + 1) & mask;
        }
    }

    /** With the hash code, because UTF-8 writes halves of surrogate pairs alike. */
    private byte[] digest(String text) {
        sha256.update(text.getBytes(StandardCharsets.UTF_8));
        return sha256.digest(
                ByteBuffer.allocate(Integer.BYTES).putInt(text.hashCode()).array());
    }

    private static long bits(byte[] digest, int from) {
        long bits = 0;
        for (int i = from; i < from + Long.BYTES; i++) {
            bits = (bits << Byte.SIZE) | (digest[i] & 0xff);
        }
        return bits;
    }
}
