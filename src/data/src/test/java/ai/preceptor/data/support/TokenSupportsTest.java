package ai.preceptor.data.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenSupportsTest {
    private static final int VOCABULARY = 150_000;

    private static TokenSupports of(int[]... ids) {
        TokenSupports.Builder builder = TokenSupports.builder();
        for (int[] some : ids) {
            builder.add(some);
        }
        return builder.build();
    }

    /** 3, 5 and 300: differences from -1 of 4, 2 and 295 = 0x27 + 2 * 128. */
    @Test
    void bytes_ofFewIds_areTheirDifferences() {
        TokenSupports supports = of(new int[] {3, 5, 300}, null, new int[] {0});
        assertThat(supports.bytes()).containsExactly(0, 4, 2, 0xA7, 2, 0, 1);
        assertThat(supports.ends()).containsExactly(5, 5, 7);
        assertThat(supports.ids(0)).containsExactly(3, 5, 300);
        assertThat(supports.isWhole(1)).isTrue();
        assertThat(supports.ids(2)).containsExactly(0);
        assertThat(supports.tokens()).isEqualTo(3);
    }

    @Test
    void bytes_ofManyIds_areBits() {
        TokenSupports supports = of(IntStream.range(0, VOCABULARY - 1).toArray());
        assertThat(supports.bytes()).hasSize(1 + VOCABULARY / 8);
        assertThat(supports.ids(0)).hasSize(VOCABULARY - 1);
    }

    @Test
    void ids_ofAnySet_comeBack() {
        long seed = 20261129;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            double share = Math.pow(random.nextDouble(), 4);
            int[] ids = IntStream.range(0, 1 + random.nextInt(5000))
                    .filter(id -> random.nextDouble() < share || id == 0)
                    .toArray();
            TokenSupports supports = of(ids, ids, null);
            String name = "seed " + seed + ", round " + round;
            assertThat(supports.ids(0)).as(name).isEqualTo(ids);
            assertThat(supports.ids(1)).as(name).isEqualTo(ids);
            assertThat(supports.bytes().length).as(name).isLessThanOrEqualTo(2 * (2 + 5000 / 8));
            assertThat(TokenSupports.of(supports.bytes(), supports.ends()))
                    .as(name)
                    .isEqualTo(supports)
                    .hasSameHashCodeAs(supports);
        }
    }

    @Test
    void ids_upToTheLargest_comeBack() {
        assertThat(of(new int[] {0, Integer.MAX_VALUE}).ids(0)).containsExactly(0, Integer.MAX_VALUE);
    }

    @Test
    void build_ofWholeVocabulariesOnly_isNull() {
        assertThat(of(null, null)).isNull();
        assertThatThrownBy(() -> of(null, new int[] {1}).ids(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void requireFits_aTokenOutsideItsIds_isRefused() {
        TokenSupports supports = of(new int[] {3, 5}, null);
        supports.requireFits(new int[] {5, 9});
        assertThatThrownBy(() -> supports.requireFits(new int[] {4, 9}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("support[0]")
                .hasMessageContaining("4");
        assertThatThrownBy(() -> supports.requireFits(new int[] {5}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected one per token (1), received 2");
    }

    @Test
    void add_whatIsNotRising_isRefused() {
        assertRefused(() -> of(new int[] {3, 3}));
        assertRefused(() -> of(new int[] {-1}));
        assertRefused(() -> of(new int[0]));
    }

    @Test
    void of_bytesThatAreNone_isRefused() {
        assertRefused(() -> TokenSupports.of(new byte[] {0, 1}, new int[] {1, 2})); // no id
        assertRefused(() -> TokenSupports.of(new byte[] {7, 1}, new int[] {2})); // no such form
        assertRefused(() -> TokenSupports.of(new byte[] {0, 1, 0}, new int[] {3})); // not rising
        assertRefused(() -> TokenSupports.of(new byte[] {0, -1}, new int[] {2})); // cut off
        assertRefused(() -> TokenSupports.of(new byte[] {0, -1, -1, -1, -1, -1, 1}, new int[] {7})); // too long
        assertRefused(() -> TokenSupports.of(new byte[] {0, -1, -1, -1, -1, 127}, new int[] {6})); // too large
        assertRefused(() -> TokenSupports.of(new byte[] {1, 0}, new int[] {2})); // no bit
        assertRefused(() -> TokenSupports.of(new byte[] {0, 1}, new int[] {3}));
        assertRefused(() -> TokenSupports.of(new byte[] {0, 1}, new int[] {2, 1}));
        assertRefused(() -> TokenSupports.of(new byte[] {0, 1}, new int[0]));
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("support");
    }
}
