package ai.preceptor.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a repository are wanted. */
class FileSelectionTest {
    @TempDir
    Path directory;

    private static FileSelection selection(RepoKind kind, String written) {
        return FileSelection.of(HubName.parse(kind, written).orElseThrow());
    }

    private static List<String> chosen(RepoKind kind, String written, String... files) {
        return selection(kind, written).of(List.of(files));
    }

    @Test
    void of_aModelInShards_isAllOfThem() {
        assertThat(chosen(
                        RepoKind.MODEL,
                        "org/name",
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "consolidated.safetensors",
                        "model.fp16.safetensors",
                        "tokenizer.json",
                        "chat_template.jinja",
                        "onnx/model.onnx"))
                .containsExactlyInAnyOrder(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "tokenizer.json",
                        "chat_template.jinja");
    }

    @Test
    void of_onlyPickles_saysSo() {
        assertThatThrownBy(
                        () -> chosen(RepoKind.MODEL, "org/name", "config.json", "pytorch_model.bin", "tokenizer.json"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("only as pickles (pytorch_model.bin)");
    }

    @Test
    void of_anAdapter_isNoWholeModel() {
        assertThat(chosen(
                        RepoKind.MODEL, "org/name", "adapter_config.json", "adapter_model.safetensors", "optimizer.pt"))
                .containsExactlyInAnyOrder("adapter_config.json", "adapter_model.safetensors");
    }

    @Test
    void of_aFormatThatNothingReads_saysSo() {
        assertThatThrownBy(() -> chosen(RepoKind.DATASET, "org/name", "train.tsv", "README.md"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has no file that can be read (.jsonl,")
                .hasMessageContaining("found train.tsv");
        assertThat(chosen(RepoKind.DATASET, "org/name", "train.tsv", "train.json"))
                .containsExactly("train.json");
    }

    @Test
    void of_severalGgufFiles_asksForOne() {
        assertThatThrownBy(() -> chosen(RepoKind.MODEL, "org/name", "a-q4.gguf", "a-q8.gguf"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("expected org/name/FILE with one of a-q4.gguf, a-q8.gguf");
        assertThat(chosen(RepoKind.MODEL, "org/name/a-q8.gguf", "a-q4.gguf", "a-q8.gguf"))
                .containsExactly("a-q8.gguf");
        assertThatThrownBy(() -> chosen(RepoKind.MODEL, "org/name/a-q5.gguf", "a-q4.gguf", "a-q8.gguf"))
                .hasMessageContaining("has no file \"a-q5.gguf\"; nearest is a-q4.gguf");
        assertThat(chosen(
                        RepoKind.MODEL,
                        "org/name/b-00001-of-00002.gguf",
                        "b-00001-of-00002.gguf",
                        "b-00002-of-00002.gguf"))
                .hasSize(2);
    }

    @Test
    void of_partsOfAGgufFile_areFoundWithOtherDigits() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("fa-IR-u-nu-arabext"));
        try {
            String[] files = {"b-00001-of-00002.gguf", "b-00002-of-00002.gguf"};
            assertThat(chosen(RepoKind.MODEL, "org/name/b-00001-of-00002.gguf", files))
                    .containsExactly(files);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void path_ofOneGguf_isTheFile() {
        List<String> files = List.of("config.json", "a.gguf");
        FileSelection selection = selection(RepoKind.MODEL, "org/name");
        assertThat(selection.of(files)).containsExactlyInAnyOrder("a.gguf", "config.json");
        assertThat(selection.path(directory, files)).isEqualTo(directory.resolve("a.gguf"));
        assertThat(selection.missing(directory, files)).isEmpty();
    }

    @Test
    void missing_aShard_isNamed() throws IOException {
        Files.writeString(
                directory.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"a\": \"model-1-of-2.safetensors\", \"b\": \"model-2-of-2.safetensors\"}}");
        List<String> files =
                List.of("config.json", "tokenizer.json", "model.safetensors.index.json", "model-1-of-2.safetensors");
        assertThat(selection(RepoKind.MODEL, "org/name").missing(directory, files))
                .isEqualTo("model-2-of-2.safetensors");
        assertThat(selection(RepoKind.MODEL, "org/name").missing(directory, List.of("config.json")))
                .isEqualTo("model.safetensors, tokenizer.json");
    }

    @Test
    void of_aDataSet_isItsSplit() {
        String[] files = {
            "README.md",
            ".gitattributes",
            "data/train-00000-of-00002.parquet",
            "data/train-00001-of-00002.parquet",
            "data/test-00000-of-00001.parquet",
            "dataset_infos.json"
        };
        assertThat(chosen(RepoKind.DATASET, "org/name", files))
                .containsExactly("data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet");
        assertThat(chosen(RepoKind.DATASET, "org/name:test", files))
                .containsExactly("data/test-00000-of-00001.parquet");
        assertThatThrownBy(() -> chosen(RepoKind.DATASET, "org/name:dev", files))
                .hasMessageContaining("has no split \"dev\"; it has the splits test, train");
        FileSelection train = selection(RepoKind.DATASET, "org/name");
        assertThat(train.path(directory, List.of(files)))
                .isEqualTo(directory.resolve("data/train-0000*-of-00002.parquet"));
        assertThat(train.missing(directory, List.of("data/train-00000-of-00002.parquet")))
                .contains("shards");
        assertThat(chosen(RepoKind.DATASET, "org/name/data/test-00000-of-00001.parquet", files))
                .hasSize(1);
    }

    @Test
    void of_aDataSetOfOneFile_isThatFile() {
        assertThat(chosen(RepoKind.DATASET, "org/name", "README.md", "pairs.jsonl"))
                .containsExactly("pairs.jsonl");
        assertThat(chosen(RepoKind.DATASET, "org/name", "train.csv", "train.jsonl", "test.jsonl"))
                .containsExactly("train.jsonl");
    }

    @Test
    void of_aDataSetInFolders_asksForOne() {
        String[] files = {"en/train.jsonl", "de/train.jsonl"};
        assertThatThrownBy(() -> chosen(RepoKind.DATASET, "org/name", files))
                .hasMessageContaining("several folders (de, en)");
        assertThat(chosen(RepoKind.DATASET, "org/name/en", files)).containsExactly("en/train.jsonl");
    }

    @Test
    void of_nothingToRead_saysWhatThereIs() {
        assertThatThrownBy(() -> chosen(RepoKind.DATASET, "org/name", "README.md", "script.py"))
                .hasMessageContaining("no file that can be read")
                .hasMessageContaining("script.py");
    }

    /** In `datasets` each of these is a split of its own. */
    @Test
    void of_splitsThatBeginAlike_areNotMixed() {
        String shard = "data/%s-00000-of-00001.parquet";
        String[] files = {shard.formatted("train_prefs"), shard.formatted("train_sft"), shard.formatted("test_prefs")};
        assertThatThrownBy(() -> chosen(RepoKind.DATASET, "org/name", files))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("dataset org/name has no split \"train\"; it has the splits train_prefs, train_sft;"
                        + " expected org/name:SPLIT");
        assertThat(chosen(RepoKind.DATASET, "org/name:train_prefs", files)).containsExactly(files[0]);
        assertThat(chosen(RepoKind.DATASET, "org/name", files[0], files[1], shard.formatted("train")))
                .containsExactly(shard.formatted("train"));
        FileSelection train = selection(RepoKind.DATASET, "org/name");
        assertThat(train.isWhole(directory, List.of(files[0]))).isFalse();
        assertThat(train.isWhole(directory, List.of(shard.formatted("train")))).isTrue();
    }

    @Test
    void path_isOfTheChosenFilesAlone() {
        String[] files = {"data/books_train_1.jsonl", "data/wiki_train_2.jsonl", "data/books_test_1.jsonl"};
        FileSelection train = selection(RepoKind.DATASET, "org/name:train");
        assertThat(train.path(directory, List.of(files)))
                .isEqualTo(Path.of("{" + directory.resolve(files[0]) + "," + directory.resolve(files[1]) + "}"));
        String[] odd = {"data/a[1]-train-1.jsonl", "data/a[1]-train-2.jsonl"};
        assertThat(train.path(directory, List.of(odd)))
                .isEqualTo(Path.of("{" + directory.resolve(odd[0]) + "," + directory.resolve(odd[1]) + "}"));
    }
}
