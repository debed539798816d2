package ai.preceptor.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewardStatisticsTest {
    private static final long SEED = 20261124;

    @TempDir
    private Path directory;

    @Test
    void normalize_isTheHandWorkedValue() {
        RewardStatistics statistics = RewardStatistics.of(new double[] {1, 3, 2});
        assertThat(statistics).isEqualTo(new RewardStatistics(2, 1, 3));
        assertThat(statistics.normalize(new double[] {2, 3.5})).containsExactly(0, 1.5);
    }

    /** What they were measured on has mean 0 and deviation 1 afterwards. */
    @Test
    void normalize_whatTheyAreOf_isStandard() {
        Random random = new Random(SEED);
        for (int round = 0; round < 50; round++) {
            double[] rewards = random.doubles(2 + random.nextInt(20), -9, 30).toArray();
            EnsembleReward after =
                    EnsembleReward.of(RewardStatistics.of(rewards).normalize(rewards));
            assertThat(after.mean()).as("seed %d round %d", SEED, round).isCloseTo(0, within(1e-9));
            assertThat(after.std()).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void write_isReadBack() {
        assertThat(RewardStatistics.read(directory)).isEmpty();
        RewardStatistics written = new RewardStatistics(-0.1, 1 / 3.0, 7);
        written.write(directory);
        assertThat(RewardStatistics.read(directory)).contains(written);
    }

    /** 2 a token above the mean of 10: an answer of 14 loses 8, half of it 4; one of 9 gains 2. */
    @Test
    void length_isSubtractedAroundItsMean_andKept() {
        RewardStatistics.Length length = new RewardStatistics.Length(2, 10);
        assertThat(length.subtract(5, 14, 1)).isEqualTo(-3);
        assertThat(length.subtract(5, 14, 0.5)).isEqualTo(1);
        assertThat(length.subtract(5, 9, 1)).isEqualTo(7);
        RewardStatistics written = new RewardStatistics(1, 2, 3).with(length);
        written.write(directory);
        assertThat(RewardStatistics.read(directory)).contains(written);
    }

    @Test
    void read_brokenFile_saysWhatIsWrong() throws IOException {
        Path file = directory.resolve(RewardStatistics.FILE);
        Files.writeString(file, "{\"mean\": \"0\", \"std\": 1}");
        assertThatThrownBy(() -> RewardStatistics.read(directory))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("key \"mean\": expected a finite number, found string \"0\"");
        Files.writeString(file, "{\"mean\": 0, \"std\": -1}");
        assertThatThrownBy(() -> RewardStatistics.read(directory))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("key \"std\": expected a number of 0 or more, found -1.0");
    }
}
