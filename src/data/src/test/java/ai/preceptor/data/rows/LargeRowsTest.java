package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.data.source.RowFiles;
import java.nio.charset.StandardCharsets;
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
        return read(large ? 0 : Long.MAX_VALUE);
    }

    /** @param inMemory how much text may stay there */
    private Dataset<Preference> read(long inMemory) {
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
                .read(RowFiles.of(file), 0, OnBadRow.SKIP, inMemory);
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
    void read_rowsOfWhichTheFirstStayInMemory_areTheSame() {
        Dataset<Preference> memory = read(false);
        Dataset<Preference> both = read(10_000L);
        assertThat(both.rows()).isInstanceOf(LazyRows.class).isEqualTo(memory.rows());
        assertThat(both.rows().get(0)).isSameAs(both.rows().get(0));
        int last = both.size() - 1;
        assertThat(both.rows().get(last)).isNotSameAs(both.rows().get(last));
        assertThat(both.places()).isEqualTo(memory.places());
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

    /** Seventy rows of a mebibyte each in a file of less than one. */
    @Test
    void read_packedFile_isMeasuredByItsText() {
        String row = "{\"prompt\": \"" + "a".repeat(1 << 20) + "\"}\n";
        byte[] packed = Rows.gzip(row.repeat(70).getBytes(StandardCharsets.UTF_8));
        assertThat(packed.length).isLessThan(1 << 20);
        List<Prompt> rows = Datasets.prompts(Rows.bytes(dir, "a.jsonl.gz", packed), 0, OnBadRow.FAIL)
                .rows();
        assertThat(rows instanceof LazyRows).isTrue(); // a message with all rows would be long
        assertThat(rows.size()).isEqualTo(70);
        assertThat(rows.get(69).equals(rows.get(0))).isTrue();
    }

    private static Optional<String> odd(Preference row) {
        return row.chosen().toString().contains("1") ? Optional.of("has a 1") : Optional.empty();
    }
}
