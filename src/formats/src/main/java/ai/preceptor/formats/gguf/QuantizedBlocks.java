package ai.preceptor.formats.gguf;

import ai.preceptor.formats.weights.FloatFormat;

/**
 * Quantized blocks, decoded to float32 with the operations and in the order of ggml's reference, so that results agree to
 * the bit. Source of the layouts: {@code ggml-common.h}.
 *
 * <p>A block of 32 elements has a float16 scale d (and an offset m); element i of the first 16 is the low half of a byte,
 * element i + 16 the high half; fifth bits lie apart in a 32-bit word. In a block of 256 ("K"), groups of 16 or 32 elements
 * have small scales of their own, which the block's float16 scale multiplies.
 */
final class QuantizedBlocks {
    private QuantizedBlocks() {}

    /** Turns one quantized block into numbers. */
    @FunctionalInterface
    interface BlockDecoder {
        /**
         * Decodes a block.
         *
         * @param raw holds the block from index {@code at} on
         * @param out receives its elements from index {@code to} on
         */
        void decode(byte[] raw, int at, float[] out, int to);
    }

    /** Q4_0: d (q - 8). */
    static void q40(byte[] raw, int at, float[] out, int to) {
        float d = half(raw, at);
        for (int i = 0; i < 16; i++) {
            int q = raw[at + 2 + i];
            out[to + i] = d * ((q & 15) - 8);
            out[to + i + 16] = d * (((q >> 4) & 15) - 8);
        }
    }

    /** Q4_1: d q + m. */
    static void q41(byte[] raw, int at, float[] out, int to) {
        float d = half(raw, at);
        float m = half(raw, at + 2);
        for (int i = 0; i < 16; i++) {
            int q = raw[at + 4 + i];
            out[to + i] = d * (q & 15) + m;
            out[to + i + 16] = d * ((q >> 4) & 15) + m;
        }
    }

    /** Q5_0: d (q - 16). */
    static void q50(byte[] raw, int at, float[] out, int to) {
        float d = half(raw, at);
        int high = word(raw, at + 2);
        for (int i = 0; i < 16; i++) {
            int q = raw[at + 6 + i];
            out[to + i] = d * (fiveBits(q, high >> i) - 16);
            out[to + i + 16] = d * (fiveBits(q >> 4, high >> (i + 16)) - 16);
        }
    }

    /** Q5_1: d q + m. */
    static void q51(byte[] raw, int at, float[] out, int to) {
        float d = half(raw, at);
        float m = half(raw, at + 2);
        int high = word(raw, at + 4);
        for (int i = 0; i < 16; i++) {
            int q = raw[at + 8 + i];
            out[to + i] = d * fiveBits(q, high >> i) + m;
            out[to + i + 16] = d * fiveBits(q >> 4, high >> (i + 16)) + m;
        }
    }

    /** Q8_0: q d, signed bytes. */
    static void q80(byte[] raw, int at, float[] out, int to) {
        float d = half(raw, at);
        for (int i = 0; i < 32; i++) {
            out[to + i] = raw[at + 2 + i] * d;
        }
    }

    /** Q2_K: d scale q - dmin minimum; scale and minimum of 4 bits for 16 elements, q of 2 bits. */
    static void q2K(byte[] raw, int at, float[] out, int to) {
        float d = half(raw, at + 80);
        float dmin = half(raw, at + 82);
        for (int group = 0; group < 16; group++) {
            float scale = d * (raw[at + group] & 15);
            float minimum = dmin * ((raw[at + group] >> 4) & 15);
            for (int i = 16 * group; i < 16 * group + 16; i++) {
                out[to + i] = scale * twoBits(raw, at + 16, i) - minimum;
            }
        }
    }

    /** Q3_K: d (scale - 32) (q - 4, or q where the high bit is set); scales of 6 bits for 16 elements. */
    static void q3K(byte[] raw, int at, float[] out, int to) {
        float d = half(raw, at + 108);
        int scales = at + 96;
        for (int group = 0; group < 16; group++) {
            int low = (raw[scales + group % 8] >> (4 * (group / 8))) & 15;
            int high = (raw[scales + 8 + group % 4] >> (2 * (group / 4))) & 3;
            float scale = d * ((low | (high << 4)) - 32);
            for (int i = 16 * group; i < 16 * group + 16; i++) {
                int bit = (raw[at + i % 32] >> (i / 32)) & 1;
                out[to + i] = scale * (twoBits(raw, at + 32, i) - (bit == 1 ? 0 : 4));
            }
        }
    }

    /** Q4_K: d scale q - dmin minimum; both of 6 bits for 32 elements, q of 4 bits. */
    static void q4K(byte[] raw, int at, float[] out, int to) {
        float d = half(raw, at);
        float dmin = half(raw, at + 2);
        for (int group = 0; group < 8; group++) {
            float scale = d * sixBits(raw, at + 4, at + 12, group, 0);
            float minimum = dmin * sixBits(raw, at + 8, at + 12, group, 4);
            int qs = at + 16 + 32 * (group / 2);
            for (int i = 0; i < 32; i++) {
                out[to + 32 * group + i] = scale * ((raw[qs + i] >> (4 * (group % 2))) & 15) - minimum;
            }
        }
    }

    /** Q5_K: as Q4_K with a fifth bit. */
    static void q5K(byte[] raw, int at, float[] out, int to) {
        float d = half(raw, at);
        float dmin = half(raw, at + 2);
        for (int group = 0; group < 8; group++) {
            float scale = d * sixBits(raw, at + 4, at + 12, group, 0);
            float minimum = dmin * sixBits(raw, at + 8, at + 12, group, 4);
            int qs = at + 48 + 32 * (group / 2);
            for (int i = 0; i < 32; i++) {
                int low = (raw[qs + i] >> (4 * (group % 2))) & 15;
                int high = (raw[at + 16 + i] >> group) & 1;
                out[to + 32 * group + i] = scale * (low | (high << 4)) - minimum;
            }
        }
    }

    /** Q6_K: d scale (q - 32); signed bytes as scales for 16 elements, q of 6 bits. */
    static void q6K(byte[] raw, int at, float[] out, int to) {
        float d = half(raw, at + 208);
        for (int group = 0; group < 16; group++) {
            float scale = d * raw[at + 192 + group];
            for (int i = 16 * group; i < 16 * group + 16; i++) {
                int low = (raw[at + 64 * (i / 128) + i % 64] >> (4 * (i / 64 % 2))) & 15;
                int high = (raw[at + 128 + 32 * (i / 128) + i % 32] >> (2 * (i / 32 % 4))) & 3;
                out[to + i] = scale * ((low | (high << 4)) - 32);
            }
        }
    }

    /** Element i of 256 in 64 bytes: four layers of 32 in each 32 bytes. */
    private static int twoBits(byte[] raw, int at, int i) {
        return (raw[at + 32 * (i / 128) + i % 32] >> (2 * (i / 32 % 4))) & 3;
    }

    /** Scale or minimum of a group: the first four as they are, of the others four bits apart and two above the first. */
    private static int sixBits(byte[] raw, int at, int rest, int group, int shift) {
        if (group < 4) {
            return raw[at + group] & 63;
        }
        return ((raw[rest + group - 4] >> shift) & 15) | ((raw[at + group - 4] >> 2) & 48);
    }

    private static float half(byte[] raw, int at) {
        return FloatFormat.fromFloat16((short) ((raw[at] & 255) | (raw[at + 1] << 8)));
    }

    private static int fiveBits(int low, int high) {
        return (low & 15) | ((high & 1) << 4);
    }

    private static int word(byte[] raw, int at) {
        return (raw[at] & 255) | ((raw[at + 1] & 255) << 8) | ((raw[at + 2] & 255) << 16) | (raw[at + 3] << 24);
    }
}
