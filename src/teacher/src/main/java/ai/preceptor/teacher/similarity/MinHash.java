package ai.preceptor.teacher.similarity;

import ai.preceptor.data.setting.Range;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;

/**
 * Signatures of sets of words, whose share of equal numbers estimates the sets' Jaccard similarity.
 *
 * <p>A word's hash {@code h} is the first 32 bits of its SHA-1, mixed; permutation i maps it to {@code a_i h + b_i mod 2^32}
 * with {@code a_i} odd, and the signature's i-th number is the least of all words. The standard deviation of the estimate is
 * {@code sqrt(J (1 - J) / permutations)}, 0.027 at 0.9 with 128. Source: Broder 1997; the numbers are those of Python's {@code
 * datasketch} 2 ({@code MinHash(num_perm)}, seed 1).
 */
public final class MinHash {
    /** Permutations by default. */
    public static final int PERMUTATIONS = 128;

    private static final int SEED = 1;

    private final int[] factors;
    private final int[] terms;

    /**
     * Signatures of a length.
     *
     * @param permutations numbers in a signature, 1 to 4096
     * @throws IllegalArgumentException if it is out of its range
     */
    public MinHash(int permutations) {
        Range.require("permutations", permutations, "[1, 4096]");
        MersenneTwister random = new MersenneTwister(SEED);
        factors = new int[permutations];
        terms = new int[permutations];
        for (int i = 0; i < permutations; i++) {
            factors[i] = 2 * (random.next() & 0x7fffffff) + 1;
        }
        for (int i = 0; i < permutations; i++) {
            terms[i] = random.next();
        }
    }

    /** The signature: unsigned numbers; of no words all are the largest. */
    public int[] signature(Collection<String> words) {
        int[] signature = new int[factors.length];
        Arrays.fill(signature, -1);
        MessageDigest digest = sha1();
        for (String word : words) {
            int hash = mixed(first(digest.digest(word.getBytes(StandardCharsets.UTF_8))));
            for (int i = 0; i < signature.length; i++) {
                int value = factors[i] * hash + terms[i];
                if (Integer.compareUnsigned(value, signature[i]) < 0) {
                    signature[i] = value;
                }
            }
        }
        return signature;
    }

    /**
     * The estimate: the share of numbers that two signatures have in common.
     *
     * @throws IllegalArgumentException if they differ in length
     */
    public static double jaccard(int[] one, int[] two) {
        if (one.length != two.length) {
            throw new IllegalArgumentException(
                    "signatures: received " + one.length + " and " + two.length + " numbers, expected the same length");
        }
        int equal = 0;
        for (int i = 0; i < one.length; i++) {
            equal += one[i] == two[i] ? 1 : 0;
        }
        return equal / (double) one.length;
    }

    /** The first four bytes, the lowest first. */
    private static int first(byte[] digest) {
        return (digest[0] & 0xff) | (digest[1] & 0xff) << 8 | (digest[2] & 0xff) << 16 | (digest[3] & 0xff) << 24;
    }

    /** The finalizer of MurmurHash3, 32 bits. */
    private static int mixed(int hash) {
        int bits = hash;
        bits = (bits ^ (bits >>> 16)) * 0x85ebca6b;
        bits = (bits ^ (bits >>> 13)) * 0xc2b2ae35;
        return bits ^ (bits >>> 16);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
