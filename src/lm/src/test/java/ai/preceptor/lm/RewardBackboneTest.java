package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.RewardBackbone.NewHeads;
import ai.preceptor.lm.adapter.AdapterTensors;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.optim.AdamW;
import ai.preceptor.lm.optim.AdamWOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RewardBackboneTest {
    private static final Path MODEL = Golden.dir("models/llama-reward");

    /** A judge keeps no float32 masters of its matrices, yet rewards as the model that was trained. */
    @Test
    void rewards_frozenInBfloat16_equalTheTrainedOnes() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {3, 14, 15, 9, 26});
        PackedBatch batch =
                builder.answer(new int[] {5, 35, 8}).answer(new int[] {97, 9}).build();
        try (Torch torch = Torch.open("cpu", 1);
                RewardBackbone exact = load(torch, Precision.FLOAT32, false);
                RewardBackbone trained = load(torch, Precision.BFLOAT16, true);
                RewardBackbone frozen = load(torch, Precision.BFLOAT16, false)) {
            float[] rewards = frozen.rewards(batch);
            assertThat(rewards).containsExactly(trained.rewards(batch));
            assertThat(rewards).containsExactly(exact.rewards(batch), within(0.05f));
        }
    }

    /** A critic: the value before token t is the reward of the answer that ends there, with prompts shared or not. */
    @Test
    void rewards_ofCompletions_areThoseOfEveryPrefix() {
        int[] prompt = {3, 14, 15, 9, 26};
        int[][] completions = {{5, 35, 8}, {97, 9}, {4}};
        PackedBatch.Builder values = PackedBatch.builder();
        PackedBatch.Builder prefixes = PackedBatch.builder();
        values.prompt(prompt);
        for (int[] completion : completions) {
            values.completion(completion);
            for (int t = 0; t < completion.length; t++) {
                int[] whole = IntStream.concat(Arrays.stream(prompt), Arrays.stream(completion, 0, t))
                        .toArray();
                prefixes.prompt(new int[] {whole[0]});
                prefixes.answer(Arrays.copyOfRange(whole, 1, whole.length));
            }
        }
        try (Torch torch = Torch.open("cpu", 1);
                RewardBackbone model = load(torch, Precision.FLOAT32, true)) {
            float[] found = model.rewards(values.build());
            assertThat(found).hasSize(6).doesNotContain(0);
            assertThat(found).containsExactly(model.rewards(prefixes.build()), within(1e-5f));
            try (ForwardPass forward = model.forward(values.build())) {
                assertThat(forward.outputs()).containsExactly(found, within(1e-5f));
            }
        }
    }

    /** Only the head is new: what it reads stays. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void resetHead_givesZeros_andIsTrained(boolean adapter) {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {3, 14, 15});
        PackedBatch batch = builder.completion(new int[] {5, 35, 8}).build();
        LoadOptions options = adapter ? LoadOptions.TRAINED.withLora(LoraConfig.of(2, 4), 1) : LoadOptions.TRAINED;
        try (Torch torch = Torch.open("cpu", 1);
                RewardBackbone model = RewardBackbone.load(torch, MODEL, options, HeadInit.ZEROS, 0);
                AdamW optimizer = new AdamW(model.parameters(), AdamWOptions.DEFAULT)) {
            assertThat(model.rewards(batch)).doesNotContain(0);
            model.resetHead();
            assertThat(model.rewards(batch)).containsOnly(0);
            try (ForwardPass forward = model.forward(batch)) {
                forward.backward(new float[] {-1, -1, -1});
            }
            assertThat(optimizer.step(1e-2, 0)).isPositive();
            assertThat(model.rewards(batch)).doesNotContain(0);
        }
    }

    /** Without it every reward would be 0. */
    @Test
    void load_rewardAdapterWithoutItsHead_isRefused(@TempDir Path folder) throws IOException {
        Path base = Golden.dir("models/llama");
        try (Torch torch = Torch.open("cpu", 1)) {
            try (RewardBackbone model = RewardBackbone.load(
                    torch, base, LoadOptions.TRAINED.withLora(LoraConfig.of(2, 4), 1), HeadInit.NORMAL, 3)) {
                model.save(folder);
            }
            Path file = folder.resolve(AdapterTensors.FILE);
            Path cut = folder.resolve("cut.safetensors");
            try (SafetensorsFile whole = SafetensorsFile.open(file)) {
                Map<String, TensorData> left = new TreeMap<>();
                whole.names().stream()
                        .filter(name -> !name.endsWith("score.weight"))
                        .forEach(name -> left.put(name, TensorData.of(whole, name)));
                SafetensorsWriter.write(cut, left, Map.of());
            }
            Files.move(cut, file, StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(() -> RewardBackbone.load(torch, folder, LoadOptions.FROZEN, HeadInit.ZEROS, 0))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("is an adapter of a reward model without score.weight");
        }
    }

    /** Each head of an ensemble gives what it gives alone, and all are read back, of an adapter too. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void save_ofAnEnsemble_isReadBack(boolean adapter, @TempDir Path folder) throws IOException {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {3, 14});
        PackedBatch batch =
                builder.answer(new int[] {5, 35, 8}).answer(new int[] {97, 9}).build();
        Path base = Golden.dir("models/llama");
        LoadOptions options = adapter
                ? LoadOptions.TRAINED.withLora(LoraConfig.of(2, 4), 1)
                : new LoadOptions(Precision.FLOAT32, true);
        Path saved = Files.createDirectory(folder.resolve("saved"));
        float[] rewards;
        float[] learnt;
        try (Torch torch = Torch.open("cpu", 1);
                RewardBackbone model = RewardBackbone.load(torch, base, options, new NewHeads(3, HeadInit.NORMAL, 5))) {
            assertThat(model.heads()).isEqualTo(3);
            rewards = model.rewards(batch);
            assertThat(rewards).hasSize(6).doesNotHaveDuplicates();
            model.save(saved);
        }
        try (Torch torch = Torch.open("cpu", 1);
                RewardBackbone trained = RewardBackbone.load(
                        torch, saved, new LoadOptions(Precision.BFLOAT16, true), HeadInit.ZEROS, 0)) {
            learnt = trained.rewards(batch);
        }
        try (Torch torch = Torch.open("cpu", 1);
                RewardBackbone exact = RewardBackbone.load(torch, saved, LoadOptions.FROZEN, HeadInit.ZEROS, 0);
                RewardBackbone coarse = RewardBackbone.load(
                        torch, saved, new LoadOptions(Precision.BFLOAT16, false), HeadInit.ZEROS, 0)) {
            assertThat(exact.heads()).isEqualTo(3);
            assertThat(exact.rewards(batch)).containsExactly(rewards, within(1e-6f));
            // Of up to 7 in size, through a trunk of three digits; but of the same heads as in training.
            assertThat(coarse.rewards(batch)).containsExactly(rewards, within(0.15f));
            assertThatThrownBy(() ->
                            RewardBackbone.load(torch, saved, LoadOptions.FROZEN, new NewHeads(4, HeadInit.NORMAL, 5)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("ensemble_size: expected 3, the heads of");
            if (!adapter) {
                assertThat(coarse.rewards(batch)).containsExactly(learnt);
            }
        }
    }

    @Test
    void newHeads_thatStartEqual_areRefused() {
        assertThatThrownBy(() -> new NewHeads(2, HeadInit.ZEROS, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("init: zeros for 2 heads");
    }

    private static RewardBackbone load(Torch torch, Precision precision, boolean trainable) {
        return RewardBackbone.load(torch, MODEL, new LoadOptions(precision, trainable), HeadInit.ZEROS, 0);
    }
}
