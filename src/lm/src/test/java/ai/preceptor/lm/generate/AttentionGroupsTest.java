package ai.preceptor.lm.generate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttentionGroupsTest {
    @Test
    void plan_similarLengths_isOneRun() {
        assertThat(AttentionGroups.plan(new int[] {40, 33, 64, 50})).containsExactly(4, 64);
    }

    @Test
    void plan_longNeighbours_areSetApart() {
        assertThat(AttentionGroups.plan(new int[] {1000, 990, 30, 20, 25, 31})).containsExactly(2, 1024, 4, 32);
    }

    @Test
    void plan_oneLongRowAmongFewShort_isNotWorthARun() {
        assertThat(AttentionGroups.plan(new int[] {200, 30})).containsExactly(2, 224);
    }

    @Test
    void plan_oneRow_isPaddedToTheStride() {
        assertThat(AttentionGroups.plan(new int[] {1})).containsExactly(1, 32);
        assertThat(AttentionGroups.plan(new int[] {33})).containsExactly(1, 64);
    }
}
