package ai.preceptor.tinker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.formats.weights.DType;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterArchiveTest {
    private static final String CONFIG = "{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":32.0}";
    private static final String MODULE = "base_model.model.model.layers.0.mlp.up_proj.";

    @TempDir
    private Path folder;

    private byte[] weights(Map<String, TensorData> tensors) throws IOException {
        Path file = folder.resolve("made.safetensors");
        SafetensorsWriter.write(file, tensors, SafetensorsWriter.PYTORCH);
        return Files.readAllBytes(file);
    }

    private byte[] good() throws IOException {
        return weights(Map.of(
                MODULE + "lora_A.weight",
                TableLearner.zeros(2, 3),
                MODULE + "lora_B.weight",
                TableLearner.zeros(5, 2)));
    }

    private long unpack(String config, byte[] weights) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("./adapter_config.json", config.getBytes(StandardCharsets.UTF_8));
        members.put("adapter_model.safetensors", weights);
        return unpack(members, 1 << 20);
    }

    private long unpack(Map<String, byte[]> members, long largest) throws IOException {
        Path archive = Files.write(folder.resolve("a.tar.gz"), FakeReplies.tar(members));
        Path target = Files.createDirectories(folder.resolve("in/target"));
        return new AdapterArchive(archive, largest).unpack(target, folder, 2);
    }

    @Test
    void unpack_takesTwoMembersAndNamesModules() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("/", new byte[0]);
        members.put("../escaped", new byte[3]);
        members.put("in/adapter_model.safetensors", new byte[3]);
        members.put("adapter_config.json", CONFIG.getBytes(StandardCharsets.UTF_8));
        members.put("adapter_model.safetensors", good());

        assertThat(unpack(members, 1 << 20)).isEqualTo(good().length);

        assertThat(folder.resolve("in/target")).isDirectoryContaining("glob:**adapter_config.json");
        assertThat(folder.resolve("in/escaped")).doesNotExist();
        assertThat(Files.readString(folder.resolve("in/target/adapter_config.json")))
                .containsPattern("\"r\" *: 2,")
                .containsPattern("\"lora_alpha\" *: 32,")
                .contains("up_proj", folder.toString());
    }

    @Test
    void unpack_ofAnotherConfiguration_isRefused() {
        assertThatThrownBy(() -> unpack(CONFIG.replace("32", "16"), good()))
                .hasMessageContaining("lora_alpha 32.0, found");
        assertThatThrownBy(() -> unpack(CONFIG.replace("2,", "4,"), good())).hasMessageContaining("r 2, lora_alpha");
        assertThatThrownBy(() -> unpack(CONFIG.replace("}", ",\"use_dora\":true}"), good()))
                .hasMessageContaining("plain LoRA");
        assertThatThrownBy(() -> unpack("[", good())).isInstanceOf(IOException.class);
    }

    @Test
    void unpack_ofOtherTensors_isRefused() {
        assertThatThrownBy(() -> unpack(CONFIG, weights(Map.of(MODULE + "lora_A.weight", TableLearner.zeros(2, 3)))))
                .hasMessageEndingWith("without its other matrix");
        assertThatThrownBy(() -> unpack(
                        CONFIG,
                        weights(Map.of(
                                MODULE + "lora_A.weight", TableLearner.zeros(2, 3),
                                MODULE + "lora_B.weight", TableLearner.zeros(5, 3)))))
                .hasMessageContaining("expected a matrix of rank 2, found shape [5, 3]");
        assertThatThrownBy(() -> unpack(CONFIG, weights(Map.of("model.norm.weight", TableLearner.zeros(2, 3)))))
                .hasMessageContaining("expected tensors of PEFT's LoRA, found model.norm.weight");
        assertThatThrownBy(() -> unpack(CONFIG, new byte[20])).isInstanceOf(IOException.class);
    }

    @Test
    void unpack_ofNumbersThatAreNotFinite_isRefused() {
        ByteBuffer values = ByteBuffer.allocate(Float.BYTES * 6).order(ByteOrder.LITTLE_ENDIAN);
        values.putFloat(20, Float.NEGATIVE_INFINITY);
        TensorData a = TensorData.bytes(DType.F32, new long[] {2, 3}, values::duplicate);

        assertThatThrownBy(() -> unpack(
                        CONFIG,
                        weights(Map.of(
                                MODULE + "lora_A.weight", a, MODULE + "lora_B.weight", TableLearner.zeros(5, 2)))))
                .hasMessageEndingWith("expected finite numbers");
    }

    @Test
    void unpack_ofTooMuchOrTooLittle_isRefused() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("adapter_model.safetensors", good());
        assertThatThrownBy(() -> unpack(members, 1 << 20)).hasMessageEndingWith("without adapter_config.json");
        assertThatThrownBy(() -> unpack(members, 10)).hasMessageContaining("expected at most 10 bytes");
        assertThatThrownBy(() -> unpack(Map.of(), 10)).hasMessageEndingWith("without adapter_model.safetensors");
    }
}
