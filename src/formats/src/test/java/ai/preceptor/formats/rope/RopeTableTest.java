package ai.preceptor.formats.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.testkit.Golden;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RopeTableTest {
    private static final RopeScaling NONE = new RopeScaling.None();

    /** theta 10000, D 4: frequencies 10000^0 = 1 and 10000^(-1/2) = 1/100. */
    @Test
    void of_byHand() {
        RopeTable table = RopeTable.of(new RopeParameters(10_000, NONE), 4, 3);
        assertThat(table.positions()).isEqualTo(3);
        assertThat(table.angles()).isEqualTo(2);
        assertThat(table.cos())
                .containsExactly(1, 1, (float) Math.cos(1), (float) Math.cos(0.01f), (float) Math.cos(2), (float)
                        Math.cos(0.02f));
        assertThat(table.sin())
                .containsExactly(0, 0, (float) Math.sin(1), (float) Math.sin(0.01f), (float) Math.sin(2), (float)
                        Math.sin(0.02f));
    }

    @Test
    void inverseFrequencies_linear_areDivided() {
        float[] plain = RopeTable.inverseFrequencies(new RopeParameters(10_000, NONE), 8, 1);
        float[] scaled = RopeTable.inverseFrequencies(new RopeParameters(10_000, new RopeScaling.Linear(4)), 8, 1);
        for (int j = 0; j < 4; j++) {
            assertThat(scaled[j]).isEqualTo(plain[j] / 4);
        }
    }

    /**
     * Original context 64 and theta 50000: wavelengths 2 pi and 24.3 and so on. Below 64/4 kept (j = 0), above 64/1
     * divided by 8 (j from 2 on), between blended (j = 1). The numbers are transformers 5.23.0's own.
     */
    @Test
    void inverseFrequencies_llama3_equalTransformers() {
        RopeParameters rope = DecoderConfig.read(Golden.dir("models/llama3-scaled-rope"))
                .positions()
                .ropes()
                .get(0);
        assertThat(RopeTable.inverseFrequencies(rope, 16, 1))
                .containsExactly(
                        0x1.0p+0f,
                        0x1.3e9e5ep-3f,
                        0x1.11ea82p-7f,
                        0x1.1b56c2p-9f,
                        0x1.2515fep-11f,
                        0x1.2f2b10p-13f,
                        0x1.3998eep-15f,
                        0x1.4462a2p-17f);
    }

    @Test
    void of_llama3AtPosition100_equalsTransformers() {
        RopeParameters rope = DecoderConfig.read(Golden.dir("models/llama3-scaled-rope"))
                .positions()
                .ropes()
                .get(0);
        RopeTable table = RopeTable.of(rope, 16, 101);
        float[] cos = {
            0.8623188734054565f,
            -0.9887091517448425f,
            0.6704913377761841f,
            0.9767259955406189f,
            0.9984378814697266f,
            0.9998955130577087f,
            0.9999930262565613f,
            0.9999995231628418f
        };
        float[] sin = {
            -0.5063656568527222f,
            0.14984726905822754f,
            0.7419173121452332f,
            0.21449077129364014f,
            0.055872589349746704f,
            0.014455682598054409f,
            0.003738363506272435f,
            0.0009667433332651854f
        };
        for (int j = 0; j < 8; j++) {
            assertThat(table.cos()[100 * 8 + j]).isCloseTo(cos[j], Offset.offset(1.2e-7f));
            assertThat(table.sin()[100 * 8 + j]).isCloseTo(sin[j], Offset.offset(1.2e-7f));
        }
    }

    /** The numbers are transformers 5.23.0's own: heads of 16, theta 10000. */
    @Test
    void inverseFrequencies_yarn_equalTransformers() {
        RopeScaling.Yarn rounded = new RopeScaling.Yarn(4, 64, 1, 32, 1, true);
        assertThat(RopeTable.inverseFrequencies(new RopeParameters(10_000, rounded), 16, 1))
                .containsExactly(
                        new float[] {
                            0x1.0p+0f,
                            0x1.e5b9d0p-3f,
                            0x1.999998p-5f,
                            0x1.030dc6p-7f,
                            0x1.47ae14p-9f,
                            0x1.9e7c70p-11f,
                            0x1.0624dep-12f,
                            0x1.4b96c0p-14f
                        },
                        Offset.offset(1e-8f));
        RopeScaling.Yarn exact = new RopeScaling.Yarn(4, 64, 1, 8, 1, false);
        assertThat(RopeTable.inverseFrequencies(new RopeParameters(10_000, exact), 16, 1)[2])
                .isCloseTo(0x1.a47c4ap-6f, Offset.offset(1e-8f));
    }

    @Test
    void inverseFrequencies_dynamicAndLongRope_dependOnTheLength() {
        RopeParameters dynamic = new RopeParameters(10_000, new RopeScaling.Dynamic(4, 64));
        assertThat(RopeTable.inverseFrequencies(dynamic, 16, 64))
                .containsExactly(RopeTable.inverseFrequencies(new RopeParameters(10_000, NONE), 16, 1));
        assertThat(RopeTable.inverseFrequencies(dynamic, 16, 100)[1]).isCloseTo(0x1.11a2e8p-2f, Offset.offset(1e-7f));
        assertThat(RopeTable.growing(dynamic, 16, 100).cos()[99 * 8 + 1])
                .isEqualTo(RopeTable.of(dynamic, 16, 100, 100).cos()[99 * 8 + 1]);
        RopeScaling.LongRope longRope = new RopeScaling.LongRope(
                List.of(1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7),
                List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0),
                32,
                1);
        RopeParameters rope = new RopeParameters(10_000, longRope);
        assertThat(RopeTable.inverseFrequencies(rope, 16, 32)[1]).isCloseTo(0x1.266118p-2f, Offset.offset(1e-7f));
        assertThat(RopeTable.inverseFrequencies(rope, 16, 33)[1]).isCloseTo(0x1.43d136p-3f, Offset.offset(1e-7f));
        assertThatThrownBy(() -> RopeTable.growing(rope, 16, 33))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at most 32 tokens");
    }

    @Test
    void of_anyPosition_isOnTheUnitCircle() {
        RopeTable table = RopeTable.of(new RopeParameters(1e6, new RopeScaling.Llama3(32, 1, 4, 128)), 64, 1000);
        for (int i = 0; i < table.cos().length; i++) {
            double square = (double) table.cos()[i] * table.cos()[i] + (double) table.sin()[i] * table.sin()[i];
            assertThat(square).isCloseTo(1, Offset.offset(3e-7));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, 7})
    void of_headDimOddOrBelowTwo_isRefused(int headDim) {
        assertThatThrownBy(() -> RopeTable.of(new RopeParameters(10_000, NONE), headDim, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("headDim: expected an even number from 2 on, received " + headDim);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Integer.MAX_VALUE})
    void of_positionsOutOfRange_isRefused(int positions) {
        assertThatThrownBy(() -> RopeTable.of(new RopeParameters(10_000, NONE), 64, positions))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("received " + positions);
    }
}
