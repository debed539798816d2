package ai.preceptor.formats.gguf;

import ai.preceptor.formats.weights.FloatFormat;

/**
 * Quantized blocks of 32 elements, decoded to float32 with the operations and in the order of ggml's reference, so that
 * results agree to the bit. Source of the layouts: {@code ggml-common.h}.
 *
 * <p>A block has a float16 scale d (and an offset m); element i of the first 16 is the low half of a byte, element i + 16
 * the high half; fifth bits lie apart in a 32-bit word.
 */
enum BlockFormat implements BlockDecoder {
    /** d (q - 8). */
    Q4_0 {
        @Override
        public void decode(byte[] raw, int at, float[] out, int to) {
            float d = half(raw, at);
            for (int i = 0; i < 16; i++) {
                int q = raw[at + 2 + i];
                out[to + i] = d * ((q & 15) - 8);
                out[to + i + 16] = d * (((q >> 4) & 15) - 8);
            }
        }
    },
    /** d q + m. */
    Q4_1 {
        @Override
        public void decode(byte[] raw, int at, float[] out, int to) {
            float d = half(raw, at);
            float m = half(raw, at + 2);
            for (int i = 0; i < 16; i++) {
                int q = raw[at + 4 + i];
                out[to + i] = d * (q & 15) + m;
                out[to + i + 16] = d * ((q >> 4) & 15) + m;
            }
        }
    },
    /** d (q - 16). */
    Q5_0 {
        @Override
        public void decode(byte[] raw, int at, float[] out, int to) {
            float d = half(raw, at);
            int high = word(raw, at + 2);
            for (int i = 0; i < 16; i++) {
                int q = raw[at + 6 + i];
                out[to + i] = d * (fiveBits(q, high >> i) - 16);
                out[to + i + 16] = d * (fiveBits(q >> 4, high >> (i + 16)) - 16);
            }
        }
    },
    /** d q + m. */
    Q5_1 {
        @Override
        public void decode(byte[] raw, int at, float[] out, int to) {
            float d = half(raw, at);
            float m = half(raw, at + 2);
            int high = word(raw, at + 4);
            for (int i = 0; i < 16; i++) {
                int q = raw[at + 8 + i];
                out[to + i] = d * fiveBits(q, high >> i) + m;
                out[to + i + 16] = d * fiveBits(q >> 4, high >> (i + 16)) + m;
            }
        }
    },
    /** q d, signed bytes. */
    Q8_0 {
        @Override
        public void decode(byte[] raw, int at, float[] out, int to) {
            float d = half(raw, at);
            for (int i = 0; i < 32; i++) {
                out[to + i] = raw[at + 2 + i] * d;
            }
        }
    };

    /** The decoder of a quantized type. */
    static BlockDecoder of(GgufType type) {
        return switch (type) {
            case Q4_0 -> Q4_0;
            case Q4_1 -> Q4_1;
            case Q5_0 -> Q5_0;
            case Q5_1 -> Q5_1;
            case Q8_0 -> Q8_0;
            case Q2_K -> SuperBlockFormat.Q2_K;
            case Q3_K -> SuperBlockFormat.Q3_K;
            case Q4_K -> SuperBlockFormat.Q4_K;
            case Q5_K -> SuperBlockFormat.Q5_K;
            case Q6_K -> SuperBlockFormat.Q6_K;
            case F32, F16, BF16 -> throw new IllegalArgumentException(type + " has no blocks");
        };
    }

    static float half(byte[] raw, int at) {
        return FloatFormat.fromFloat16((short) ((raw[at] & 255) | (raw[at + 1] << 8)));
    }

    private static int fiveBits(int low, int high) {
        return (low & 15) | ((high & 1) << 4);
    }

    private static int word(byte[] raw, int at) {
        return (raw[at] & 255) | ((raw[at + 1] & 255) << 8) | ((raw[at + 2] & 255) << 16) | (raw[at + 3] << 24);
    }
}
