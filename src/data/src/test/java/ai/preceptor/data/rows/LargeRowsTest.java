package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Preference;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.data.source.RowFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are kept on the disk are those that are kept in memory. */
class LargeRowsTest {
    private static final int ROWS = 2500;

    @TempDir
    private Path dir;

    private Dataset<Preference> read(boolean large) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            String rejected = i % 10 == 3 ? "ü" + i : "no";
            lines.add(
                    i % 100 == 7
                            ? "{\"prompt\": 1}"
                            : "{\"prompt\": \"p" + i % 5 + "\", \"chosen\": \"ü" + i + "\", \"rejected\": \"" + rejected
                                    + "\", \"n\": [" + i + "]}");
        }
        Path file = Rows.file(dir, lines.toArray(String[]::new));
        return new DatasetReader<>(PreferenceRow::parse, PreferenceRow::dropReason)
                .read(RowFiles.of(file), 0, OnBadRow.SKIP, large);
    }

    @Test
    void read_rowsOnTheDisk_areTheSame() {
        Dataset<Preference> memory = read(false);
        Dataset<Preference> disk = read(true);
        assertThat(disk.rows()).isInstanceOf(LazyRows.class);
        assertThat(memory.rows()).isNotInstanceOf(LazyRows.class);
        assertThat(disk.rows()).isEqualTo(memory.rows());
        assertThat(disk.places()).isEqualTo(memory.places());
        assertThat(disk.report()).isEqualTo(memory.report());
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < disk.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(11));
        order.forEach(
                i -> assertThat(disk.rows().get(i)).isEqualTo(memory.rows().get(i)));
    }

    @Test
    void whatIsMadeOfThem_isTheSame_andStaysOnTheDisk() {
        Dataset<Preference> memory = read(false);
        Dataset<Preference> disk = read(true);
        Path file = dir.resolve("rows.jsonl");
        Dataset<Preference> some = disk.require(file, OnBadRow.SKIP, LargeRowsTest::odd);
        assertThat(some).isEqualTo(memory.require(file, OnBadRow.SKIP, LargeRowsTest::odd));
        assertThat(some.rows()).isInstanceOf(LazyRows.class);
        Dataset<Preference> twice = disk.flatMap(row -> List.of(row, row));
        assertThat(twice).isEqualTo(memory.flatMap(row -> List.of(row, row)));
        assertThat(twice.rows()).isInstanceOf(LazyRows.class);
        Split<Preference> split = Split.byPrompt(disk.rows(), 300, 5);
        assertThat(split).isEqualTo(Split.byPrompt(memory.rows(), 300, 5));
        assertThat(split.train()).isInstanceOf(LazyRows.class);
    }

    private static Optional<String> odd(Preference row) {
        return row.chosen().toString().contains("1") ? Optional.of("has a 1") : Optional.empty();
    }
}
