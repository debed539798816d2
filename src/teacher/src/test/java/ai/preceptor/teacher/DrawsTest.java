package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DrawsTest {
    /** Java's generator gives nearly equal first numbers for seeds that follow each other. */
    @Test
    void firstDraws_ofPlacesThatFollowEachOther_areSpreadEvenly() {
        int[] counts = new int[4];
        int repeats = 0;
        int before = -1;
        for (int place = 0; place < 4000; place++) {
            int drawn = Draws.of(42, 1, place).nextInt(4);
            counts[drawn]++;
            repeats += drawn == before ? 1 : 0;
            before = drawn;
        }
        for (int count : counts) {
            assertThat(count).isBetween(850, 1150);
        }
        assertThat(repeats).as("of 4000, one in four by chance").isBetween(850, 1150);
    }

    @Test
    void draws_dependOnAllNumbers() {
        List<Long> drawn = List.of(
                Draws.of(1, 2, 3).nextLong(),
                Draws.of(1, 3, 2).nextLong(),
                Draws.of(2, 2, 3).nextLong(),
                Draws.of(1, 2).nextLong());
        assertThat(drawn).doesNotHaveDuplicates();
        assertThat(Draws.of(1, 2, 3).nextLong()).isEqualTo(drawn.get(0));
    }

    @Test
    void some_areDifferentPlaces_andAtMostAll() {
        assertThat(Draws.some(List.of("a", "b", "c"), 2, Draws.of(1)))
                .hasSize(2)
                .doesNotHaveDuplicates();
        assertThat(Draws.some(List.of("a", "b", "c"), 5, Draws.of(1))).containsExactlyInAnyOrder("a", "b", "c");
    }
}
