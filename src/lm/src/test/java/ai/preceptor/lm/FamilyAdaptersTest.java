package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.lm.adapter.AdapterTensors;
import ai.preceptor.lm.copy.ModelCopy;
import ai.preceptor.lm.optim.AdamW;
import ai.preceptor.lm.optim.AdamWOptions;
import ai.preceptor.lm.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Adapters of every family: however its matrices lie in files, what was trained is read as it was, and merges. */
class FamilyAdaptersTest {
    @TempDir
    private Path folder;

    private Torch torch;
    private Path base;
    private Path adapter;

    @BeforeEach
    void open() throws IOException {
        torch = Torch.open("cpu", 1);
        base = Files.createDirectory(folder.resolve("base"));
        adapter = Files.createDirectory(folder.resolve("adapter"));
    }

    @AfterEach
    void close() {
        torch.close();
    }

    @ParameterizedTest
    @EnumSource
    void saved_isReadAsItWas_mergedAndBeside(TinyFamilies family) {
        float[] trained = train(family, List.of());
        try (LanguageModel plain = LanguageModel.load(torch, base, LoadOptions.FROZEN);
                LanguageModel beside = LanguageModel.load(torch, adapter, LoadOptions.TRAINED);
                LanguageModel merged = LanguageModel.load(torch, adapter, LoadOptions.FROZEN)) {
            assertThat(distance(plain.logprobs(RandomModel.batch()), trained)).isGreaterThan(0.05);
            assertThat(beside.logprobs(RandomModel.batch())).isEqualTo(trained);
            assertThat(merged.logprobs(RandomModel.batch())).containsExactly(trained, within(1e-4f));
        }
    }

    /** PEFT knows the head by the name that transformers gives the module, which is not the checkpoint's any more. */
    @Test
    void headOfGptNeoX_isSavedUnderTheNameThatPeftLooksFor_andReadUnderBoth() throws IOException {
        float[] trained = train(TinyFamilies.GPT_NEOX, List.of("embed_out"));
        assertThat(AdapterConfig.read(adapter).lora().modulesToSave()).containsExactly("lm_head");
        try (SafetensorsFile file = SafetensorsFile.open(adapter.resolve(AdapterTensors.FILE))) {
            assertThat(file.names())
                    .contains("base_model.model.lm_head.weight")
                    .noneMatch(name -> name.contains("embed_out"));
        }
        Path copy = Files.createDirectory(folder.resolve("copy"));
        new ModelCopy(adapter, null, null, Long.MAX_VALUE).writeTo(copy);
        try (LanguageModel beside = LanguageModel.load(torch, adapter, LoadOptions.TRAINED);
                LanguageModel merged = LanguageModel.load(torch, adapter, LoadOptions.FROZEN);
                LanguageModel copied = LanguageModel.load(torch, copy, LoadOptions.FROZEN)) {
            assertThat(beside.logprobs(RandomModel.batch())).isEqualTo(trained);
            assertThat(merged.logprobs(RandomModel.batch())).containsExactly(trained, within(1e-4f));
            assertThat(copied.logprobs(RandomModel.batch())).containsExactly(trained, within(1e-4f));
        }
    }

    /** Its reference is the adapter that was loaded, with its scale. */
    @Test
    void fingerprint_ofAdaptersThatDifferInTheirScale_differs() throws IOException {
        train(TinyFamilies.PHI3, List.of());
        String before = fingerprint();
        Path config = adapter.resolve(AdapterConfig.FILE);
        Files.writeString(config, Files.readString(config).replaceFirst("\"lora_alpha\" ?: ?6", "\"lora_alpha\": 7"));
        assertThat(AdapterConfig.read(adapter).lora().alpha()).isEqualTo(7);
        assertThat(fingerprint()).isNotEqualTo(before);
    }

    private String fingerprint() {
        try (LanguageModel model = LanguageModel.load(torch, adapter, LoadOptions.TRAINED)) {
            return model.fingerprint();
        }
    }

    private float[] train(TinyFamilies family, List<String> saved) {
        try (LanguageModel model = family.model(torch, LoadOptions.FROZEN)) {
            model.save(base);
        }
        LoraConfig lora = new LoraConfig(3, 6, 0, false, new TargetModules.AllLinear(), saved);
        try (LanguageModel model = LanguageModel.load(torch, base, LoadOptions.TRAINED.withLora(lora, 5));
                AdamW optimizer = new AdamW(model.parameters(), AdamWOptions.DEFAULT)) {
            for (int i = 0; i < 3; i++) {
                try (ForwardPass pass = model.forward(RandomModel.batch())) {
                    float[] gradient = new float[pass.outputs().length];
                    Arrays.fill(gradient, -1);
                    pass.backward(gradient);
                }
                optimizer.step(0.05, 0);
            }
            model.save(adapter);
            return model.logprobs(RandomModel.batch());
        }
    }

    private static double distance(float[] one, float[] other) {
        double worst = 0;
        for (int i = 0; i < one.length; i++) {
            worst = Math.max(worst, Math.abs(one[i] - other[i]));
        }
        return worst;
    }
}
