package ai.preceptor.formats.gguf;

import static ai.preceptor.formats.gguf.BlockFormat.half;

/**
 * Quantized blocks of 256 elements ("K"), decoded to float32 with the operations and in the order of ggml's reference.
 * Groups of 16 or 32 elements have small scales of their own, which the block's float16 scale multiplies.
 */
enum SuperBlockFormat implements BlockDecoder {
    /** d scale q - dmin minimum; scale and minimum of 4 bits for 16 elements, q of 2 bits. */
    Q2_K {
        @Override
        public void decode(byte[] raw, int at, float[] out, int to) {
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
    },
    /** d (scale - 32) (q - 4, or q where the high bit is set); scales of 6 bits for 16 elements. */
    Q3_K {
        @Override
        public void decode(byte[] raw, int at, float[] out, int to) {
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
    },
    /** d scale q - dmin minimum; both of 6 bits for 32 elements, q of 4 bits. */
    Q4_K {
        @Override
        public void decode(byte[] raw, int at, float[] out, int to) {
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
    },
    /** As Q4_K with a fifth bit. */
    Q5_K {
        @Override
        public void decode(byte[] raw, int at, float[] out, int to) {
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
    },
    /** d scale (q - 32); signed bytes as scales for 16 elements, q of 6 bits. */
    Q6_K {
        @Override
        public void decode(byte[] raw, int at, float[] out, int to) {
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
    };

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
}
