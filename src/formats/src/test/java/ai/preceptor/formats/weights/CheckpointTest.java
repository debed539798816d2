package ai.preceptor.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.io.ModelJson;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    @TempDir
    Path directory;

    private static Map<String, TensorData> tensors(TensorSource source) {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        source.names().forEach(name -> tensors.put(name, TensorData.of(source, name)));
        return tensors;
    }

    @Test
    void write_inShards_readsBackTheSame() {
        try (Checkpoint golden = Checkpoint.open(Golden.dir("models/llama"))) {
            new CheckpointWriter(150_000).write(directory, tensors(golden));
            assertThat(directory.resolve(Checkpoint.SINGLE)).doesNotExist();
            assertThat(directory.toFile().list())
                    .contains("model-00001-of-00005.safetensors", "model.safetensors.index.json");
            try (Checkpoint shards = Checkpoint.open(directory)) {
                assertThat(shards.names()).isEqualTo(golden.names());
                for (String name : golden.names()) {
                    assertThat(shards.map(name)).as(name).isEqualTo(golden.map(name));
                    assertThat(shards.info(name).shape())
                            .isEqualTo(golden.info(name).shape());
                }
            }
            var metadata = ModelJson.read(directory.resolve(Checkpoint.INDEX)).path("metadata");
            assertThat(metadata.path("total_size").asLong()).isEqualTo(607_488);
            assertThat(metadata.path("total_parameters").asLong()).isEqualTo(607_488 / 4);
        }
    }

    /** Names of files have digits that every program reads, wherever the user is. */
    @Test
    void write_withOtherDigits_namesShardsAsAnywhere() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("fa-IR-u-nu-arabext"));
        try (Checkpoint golden = Checkpoint.open(Golden.dir("models/llama"))) {
            new CheckpointWriter(150_000).write(directory, tensors(golden));
        } finally {
            Locale.setDefault(before);
        }
        assertThat(directory.resolve("model-00005-of-00005.safetensors")).exists();
    }

    @Test
    void write_singleOverShards_removesTheShards() {
        try (Checkpoint golden = Checkpoint.open(Golden.dir("models/llama"))) {
            new CheckpointWriter(150_000).write(directory, tensors(golden));
            CheckpointWriter.single().write(directory, tensors(golden));
            assertThat(directory.toFile().list()).containsExactly(Checkpoint.SINGLE);
            new CheckpointWriter(300_000).write(directory, tensors(golden));
            assertThat(directory.resolve(Checkpoint.SINGLE)).doesNotExist();
            try (Checkpoint again = Checkpoint.open(directory)) {
                assertThat(again.names()).isEqualTo(golden.names());
            }
        }
    }

    @Test
    void write_tensorLargerThanAShard_getsAFileOfItsOwn() {
        new CheckpointWriter(8)
                .write(
                        directory,
                        new LinkedHashMap<>(Map.of(
                                "big",
                                TensorData.floats(new float[9], 9),
                                "small",
                                TensorData.floats(new float[1], 1))));
        try (Checkpoint shards = Checkpoint.open(directory)) {
            assertThat(shards.names()).containsExactly("big", "small");
        }
        assertThatThrownBy(() -> new CheckpointWriter(0)).hasMessageContaining("received 0");
    }

    @Test
    void open_shardMissingOrWithoutItsTensor_saysSo() throws IOException {
        shards();
        Path second = directory.resolve("model-00002-of-00002.safetensors");
        byte[] bytes = Files.readAllBytes(second);
        Files.copy(
                directory.resolve("model-00001-of-00002.safetensors"),
                second,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("tensor \"b\" is not in model-00002-of-00002.safetensors as it says");
        Files.delete(second);
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(DataException.class)
                .hasMessage(second + ": no such file");
        Files.write(second, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> Checkpoint.open(directory)).hasMessageContaining("it is truncated");
    }

    private void shards() {
        Map<String, TensorData> two = new LinkedHashMap<>();
        two.put("a", TensorData.floats(new float[] {1}, 1));
        two.put("b", TensorData.floats(new float[] {2}, 1));
        new CheckpointWriter(4).write(directory, two);
    }

    @Test
    void open_tensorsTheIndexDoesNotList_countToo() throws IOException {
        shards();
        Files.writeString(
                directory.resolve(Checkpoint.INDEX), "{\"weight_map\": {\"b\": \"model-00002-of-00002.safetensors\"}}");
        SafetensorsWriter.write(
                directory.resolve("model-00002-of-00002.safetensors"),
                Map.of("b", TensorData.floats(new float[] {2}, 1), "c", TensorData.floats(new float[] {3}, 1)),
                Map.of());
        try (Checkpoint shards = Checkpoint.open(directory)) {
            assertThat(shards.names()).containsExactly("b", "c");
            assertThat(shards.floats("c")).containsExactly(3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"weight_map\": {}}",
                "{\"weight_map\": {\"a\": 1}}",
                "{\"weight_map\": {\"a\": \"../a.safetensors\"}}",
                "{\"weight_map\": {\"a\": \"/etc/passwd\"}}",
                "{\"weight_map\": {\"a\": \"x.bin\"}}",
                "{\"weight_map\": {\"a\": \"x.safetensors\", \"a\": \"y.safetensors\"}}",
                "{\"weight_map\": ",
                ""
            })
    void open_badIndex_namesTheFile(String index) throws IOException {
        Path file = Files.writeString(directory.resolve(Checkpoint.INDEX), index);
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.toString());
    }

    @Test
    void open_noWeights_saysWhatIsThereInstead() throws IOException {
        Files.writeString(directory.resolve("pytorch_model.bin"), "x");
        Files.writeString(directory.resolve("adapter_model.safetensors"), "x");
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(DataException.class)
                .hasMessage(directory + ": holds neither model.safetensors nor model.safetensors.index.json; found"
                        + " adapter_model.safetensors, pytorch_model.bin, which are not read as weights");
        assertThatThrownBy(() -> Checkpoint.open(directory.resolve("nowhere")))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("nowhere: no such directory");
    }
}
