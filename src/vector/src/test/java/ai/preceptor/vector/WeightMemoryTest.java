package ai.preceptor.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WeightMemoryTest {
    @Test
    void take_oneArray_partsThatFollowEachOther() {
        WeightMemory memory = new WeightMemory(WeightType.FLOAT32, 30, 100);
        assertThat(memory.take(10)).isZero();
        float[] first = memory.floats();
        assertThat(memory.take(20)).isEqualTo(10);
        assertThat(memory.floats()).isSameAs(first).hasSize(30);
    }

    @Test
    void take_moreThanAnArrayHolds_severalArrays() {
        WeightMemory memory = new WeightMemory(WeightType.INT8, 130, 50);
        assertThat(memory.take(40)).isZero();
        int[] first = memory.ints();
        assertThat(first).hasSize(50);
        assertThat(memory.take(80)).isZero();
        assertThat(memory.ints()).isNotSameAs(first).hasSize(80);
        assertThat(memory.take(10)).isZero();
        assertThat(memory.ints()).hasSize(10);
    }
}
