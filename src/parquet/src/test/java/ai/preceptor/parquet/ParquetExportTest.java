package ai.preceptor.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.source.RowException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetExportTest {
    @TempDir
    private Path dir;

    private Path rows(String... lines) throws IOException {
        return Files.write(dir.resolve("rows.jsonl"), List.of(lines));
    }

    private Path written(Path rows) {
        Path target = dir.resolve("rows.parquet");
        ParquetExport.write(rows, target);
        return target;
    }

    @Test
    void write_rowsOfMessages_givesThemBack() throws IOException {
        Path file = written(Golden.file("pairs.jsonl"));
        assertThat(Datasets.preferences(file, 0, OnBadRow.FAIL).rows())
                .isEqualTo(Datasets.preferences(Golden.file("pairs.jsonl"), 0, OnBadRow.FAIL)
                        .rows());
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).as("nothing is left beside it").containsExactly(file);
        }
    }

    @Test
    void write_valuesOfAllKinds_haveColumnsThatHoldThem() throws IOException, RowException {
        Path file = written(rows(
                "{\"a\": 1, \"b\": true, \"c\": [1, 2.5, null], \"d\": {\"x\": \"y\"}, \"e\": null, \"f\": {}, \"g\": []}",
                "{\"a\": 0.5, \"c\": [], \"d\": {\"x\": null, \"z\": [[1]]}, \"h\": \"late\"}"));
        assertThat(Golden.rows(file))
                .hasToString("[{\"a\":1.0,\"b\":true,\"c\":[1.0,2.5,null],\"d\":{\"x\":\"y\",\"z\":null},\"e\":null,"
                        + "\"f\":null,\"g\":[],\"h\":null}, "
                        + "{\"a\":0.5,\"b\":null,\"c\":[],\"d\":{\"x\":null,\"z\":[[1]]},\"e\":null,\"f\":null,"
                        + "\"g\":null,\"h\":\"late\"}]");
    }

    @Test
    void write_valuesOfTwoKinds_areRefusedAndTheOldFileStays() throws IOException {
        Path old = Files.writeString(dir.resolve("rows.parquet"), "old");
        Path mixed = rows("{\"prompt\": \"a\"}", "{\"prompt\": [{\"role\": \"user\", \"content\": \"b\"}]}");
        assertThatThrownBy(() -> written(mixed))
                .isInstanceOf(DataException.class)
                .hasMessage(mixed
                        + ":2: key \"prompt\": expected values of one kind, found text and a list, which no column"
                        + " of a Parquet file can have; the rows stay in JSON lines");
        assertThat(old).hasContent("old");
    }
}
