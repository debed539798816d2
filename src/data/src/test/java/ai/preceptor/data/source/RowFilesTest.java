package ai.preceptor.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFilesTest {
    @TempDir
    private Path dir;

    private Path file(String name) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "{\"prompt\": \"" + name + "\"}\n");
    }

    private List<String> found(String given) {
        return RowFiles.of(Path.of(given)).files().stream()
                .map(file -> dir.relativize(file).toString())
                .toList();
    }

    private void refused(String given, String message) {
        assertThatThrownBy(() -> RowFiles.of(Path.of(given)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(given + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void of_folder_isAllFilesOfRowsByName() throws IOException {
        for (String name : List.of(
                "b.jsonl", "a.jsonl.gz", "c/d.jsonl", "README.md", "info.json", ".hidden.jsonl", "_x/y.jsonl")) {
            file(name);
        }
        assertThat(found(dir.toString())).containsExactly("a.jsonl.gz", "b.jsonl", "c/d.jsonl");
        Path link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("c"));
        assertThat(RowFiles.of(link).files()).containsExactly(link.resolve("d.jsonl"));
    }

    @Test
    void of_folderOfJsonAlone_isThose() throws IOException {
        file("a.json");
        assertThat(found(dir.toString())).containsExactly("a.json");
    }

    @Test
    void of_folderOfSeveralSplits_isRefused() throws IOException {
        file("data/train-00000-of-00001.jsonl");
        file("data/test-00000-of-00001.jsonl");
        refused(dir.toString(), "expected the files of one split in a folder, found test (" + dir);
        assertThat(found(dir + "/**train*")).containsExactly("data/train-00000-of-00001.jsonl");
    }

    @Test
    void of_glob_isWhatMatches() throws IOException {
        for (String name : List.of("a-1.jsonl", "a-2.jsonl", "b.jsonl", "c/a-3.jsonl", "c/d/a-4.jsonl")) {
            file(name);
        }
        assertThat(found(dir + "/a-*.jsonl")).containsExactly("a-1.jsonl", "a-2.jsonl");
        assertThat(found(dir + "/**/a-*.jsonl"))
                .containsExactly("a-1.jsonl", "a-2.jsonl", "c/a-3.jsonl", "c/d/a-4.jsonl");
        assertThat(found(dir + "/*/a-?.jsonl")).containsExactly("c/a-3.jsonl");
        assertThat(found(dir + "/{b,a-2}.jsonl")).containsExactly("a-2.jsonl", "b.jsonl");
        refused(dir + "/x-*.jsonl", "no file matches in " + dir + "; there are a-1.jsonl, a-2.jsonl, b.jsonl");
        refused(dir + "/none/*.jsonl", "no file matches: there is no folder " + dir.resolve("none"));
        refused(dir + "/[.jsonl", "expected a glob, found one that cannot be read");
    }

    @Test
    void of_nameWithSpecialCharacters_isThatFile() throws IOException {
        file("a[1].jsonl");
        file("a1.jsonl");
        assertThat(found(dir + "/a[1].jsonl")).containsExactly("a[1].jsonl");
    }

    @Test
    void of_list_isInItsOrder() throws IOException {
        Path second = file("b,1.jsonl");
        Path first = file("c.jsonl");
        file("d/e.jsonl");
        String list = PathList.of(List.of(first.toString(), second.toString(), dir + "/d/*"));
        assertThat(found(list)).containsExactly("c.jsonl", "b,1.jsonl", "d/e.jsonl");
        assertThat(PathList.parts("{a,b}/{c,d}")).containsExactly("{a,b}/{c,d}");
        assertThat(PathList.parts("{a{1,2},b}")).containsExactly("a{1,2}", "b");
    }

    @Test
    void of_severalFormats_isRefused() throws IOException {
        file("a.jsonl");
        Files.writeString(dir.resolve("b.csv"), "prompt\nx\n");
        refused(
                dir.toString(),
                "expected files of one format, found JSON lines (" + dir.resolve("a.jsonl") + ") and CSV");
    }

    @Test
    void of_missingFile_namesTheNearest() throws IOException {
        file("prompts.jsonl");
        refused(dir + "/promts.jsonl", "no such file; nearest is prompts.jsonl");
        refused(dir + "/none/a.jsonl", "no such file; there is no folder " + dir.resolve("none"));
    }

    @Test
    void open_parquetFileAsJsonLines_isNamed() throws IOException {
        Path file = Files.writeString(dir.resolve("a.bin"), "PAR1xxxx");
        assertThatThrownBy(() -> new JsonLines().open(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": expected JSON lines (UTF-8, plain or gzip), found a Parquet file, which the"
                        + " artifact preceptor-parquet reads");
    }

    @Test
    void read_shards_areOneDataset() throws IOException {
        Path first = file("a.jsonl");
        Files.writeString(dir.resolve("b.jsonl"), "\n\n");
        Path last = file("c.jsonl");
        Files.writeString(last, "{\"prompt\": 1}\n", StandardOpenOption.APPEND);
        Dataset<Prompt> rows = Datasets.prompts(dir, 0, OnBadRow.SKIP);
        assertThat(rows.rows()).containsExactly(Prompt.plain("a.jsonl"), Prompt.plain("c.jsonl"));
        assertThat(rows.places()).containsExactly(RowPlace.line(first, 1), RowPlace.line(last, 1));
        assertThat(rows.report().skipped()).singleElement().asString().startsWith(last + ":2: key \"prompt\"");
        assertThat(Datasets.prompts(dir, 1, OnBadRow.FAIL).size()).isEqualTo(1);
    }

    @Test
    void of_linkedFolder_isPartOfTheFolder() throws IOException {
        file("a/a.jsonl");
        file("other/b.jsonl");
        Files.createSymbolicLink(dir.resolve("a/link"), dir.resolve("other"));
        Files.createSymbolicLink(dir.resolve("a/up"), dir.resolve("a"));
        assertThat(found(dir + "/a")).containsExactly("a/a.jsonl", "a/link/b.jsonl");
        assertThat(found(dir + "/a/*/b.jsonl")).containsExactly("a/link/b.jsonl");
    }

    @Test
    void of_listWithUnpairedBraces_isThoseFiles() throws IOException {
        Path odd = file("a{b/x.jsonl");
        Path plain = file("c.jsonl");
        assertThat(found(PathList.of(List.of(odd.toString(), plain.toString()))))
                .containsExactly("a{b/x.jsonl", "c.jsonl");
        List<String> globs = List.of(dir + "/{c,d}.jsonl", "x\\y");
        assertThat(PathList.parts(PathList.of(globs))).isEqualTo(globs);
    }

    /** As long as a line may be, though a parser's usual bound is 20,000,000. */
    @Test
    void read_longTexts_areRead() throws IOException {
        String text = "x".repeat(21_000_000);
        Path lines = Files.writeString(dir.resolve("rows.jsonl"), "{\"prompt\": \"" + text + "\"}\n");
        Path cells = Files.writeString(dir.resolve("rows.csv"), "prompt\n" + text + "\n");
        for (Path file : List.of(lines, cells)) {
            assertThat(Datasets.prompts(file, 0, OnBadRow.FAIL)
                            .rows()
                            .get(0)
                            .text()
                            .asString()
                            .length())
                    .isEqualTo(text.length());
        }
    }
}
