package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.weights.Checkpoint;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.lm.copy.ModelCopy;
import ai.preceptor.lm.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkpoints whose names lack the prefix of the trunk, as those that OpenAI published of GPT-2. */
class BareNamesTest {
    private static final String FILE = "model.safetensors";

    @TempDir
    private Path folder;

    /** The same weights under names without the prefix, with a buffer that old checkpoints have. */
    private Path bare(Torch torch, TinyFamilies family, String prefix) throws IOException {
        Path whole = Files.createDirectory(folder.resolve("whole"));
        Path bare = Files.createDirectory(folder.resolve("bare"));
        try (LanguageModel model = family.model(torch, LoadOptions.FROZEN)) {
            model.save(whole);
        }
        Files.copy(whole.resolve("config.json"), bare.resolve("config.json"));
        try (SafetensorsFile weights = SafetensorsFile.open(whole.resolve(FILE))) {
            Map<String, TensorData> tensors = new TreeMap<>();
            weights.names().forEach(name -> tensors.put(name.substring(prefix.length()), TensorData.of(weights, name)));
            if (family == TinyFamilies.GPT2) {
                tensors.put("h.0.attn.bias", TensorData.floats(new float[4], 1, 1, 2, 2));
            }
            SafetensorsWriter.write(bare.resolve(FILE), tensors, Map.of());
        }
        return bare;
    }

    @ParameterizedTest
    @EnumSource(names = {"GPT2", "PHI3"})
    void load_namesWithoutThePrefix_areReadAsWithIt(TinyFamilies family) throws IOException {
        String prefix = family.config().tensorNames().trunk();
        try (Torch torch = Torch.open("cpu", 1)) {
            Path bare = bare(torch, family, prefix);
            Path copy = Files.createDirectory(folder.resolve("copy"));
            new ModelCopy(bare, null, null, Long.MAX_VALUE).writeTo(copy);
            try (LanguageModel expected = LanguageModel.load(torch, folder.resolve("whole"), LoadOptions.FROZEN);
                    LanguageModel found = LanguageModel.load(torch, bare, LoadOptions.FROZEN);
                    Checkpoint copied = Checkpoint.open(copy)) {
                assertThat(found.logprobs(RandomModel.batch())).isEqualTo(expected.logprobs(RandomModel.batch()));
                assertThat(copied.names()).allMatch(name -> name.startsWith(prefix));
            }
        }
    }

    @Test
    void load_noneOfTheNames_areRefusedAsTheyAre() throws IOException {
        try (Torch torch = Torch.open("cpu", 1)) {
            Path bare = bare(torch, TinyFamilies.PHI3, "model.l");
            assertThatThrownBy(() -> LanguageModel.load(torch, bare, LoadOptions.FROZEN))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("missing: model.embed_tokens.weight")
                    .hasMessageContaining("unexpected: ayers.0.");
        }
    }
}
