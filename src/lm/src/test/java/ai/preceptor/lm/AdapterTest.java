package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.formats.io.ModelJson;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.optim.AdamW;
import ai.preceptor.lm.optim.AdamWOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters on a small random model: what learns, what stays, what is written, what is merged. */
class AdapterTest {
    private static final LoraConfig ALL = new LoraConfig(3, 6, 0, false, new TargetModules.AllLinear(), List.of());

    @TempDir
    private Path folder;

    private Torch torch;
    private Path base;

    @BeforeEach
    void open() throws IOException {
        torch = Torch.open("cpu", 1);
        base = RandomModel.write(torch, folder.resolve("base"), true);
    }

    @AfterEach
    void close() {
        torch.close();
    }

    private static LoadOptions training(LoraConfig lora) {
        return LoadOptions.TRAINED.withLora(lora, 5);
    }

    @Test
    void newAdapter_changesNothing_andTrainsAAndBOnly() {
        try (LanguageModel plain = LanguageModel.load(torch, base, LoadOptions.FROZEN);
                LanguageModel model = LanguageModel.load(torch, base, training(ALL))) {
            assertThat(model.logprobs(RandomModel.batch())).isEqualTo(plain.logprobs(RandomModel.batch()));
            assertThat(model.parameters().trained())
                    .hasSize(2 * 7 * model.config().layers())
                    .allSatisfy(block -> assertThat(block.parts().get(0).name()).contains(".lora_"));
            assertThat(model.parameters().blocks()).noneMatch(Parameter::isTrainable);
        }
    }

    @Test
    void step_movesTheAdapter_theReferenceStaysTheBase() {
        try (LanguageModel plain = LanguageModel.load(torch, base, LoadOptions.FROZEN);
                LanguageModel model = LanguageModel.load(torch, base, training(ALL))) {
            learn(model, 3);
            float[] start = plain.logprobs(RandomModel.batch());
            assertThat(model.logprobs(RandomModel.batch())).isNotEqualTo(start);
            assertThat(model.referenceLogprobs(RandomModel.batch())).isEqualTo(start);
        }
    }

    @Test
    void rankOne_inBfloat16_learns() {
        LoraConfig lora = new LoraConfig(1, 2, 0, false, new TargetModules.AllLinear(), List.of());
        LoadOptions options = new LoadOptions(Precision.BFLOAT16, true).withLora(lora, 5);
        try (LanguageModel model = LanguageModel.load(torch, base, options)) {
            float[] start = model.logprobs(RandomModel.batch());
            learn(model, 3);
            assertThat(model.logprobs(RandomModel.batch())).isNotEqualTo(start).doesNotContain(Float.NaN);
        }
    }

    @Test
    void saved_isReadAsItWas_mergedAndBeside() throws IOException {
        LoraConfig lora = ALL.rankStabilized().saving(List.of("lm_head", "input_layernorm"));
        float[] trained;
        Path adapter = Files.createDirectory(folder.resolve("adapter"));
        try (LanguageModel model = LanguageModel.load(torch, base, training(lora))) {
            learn(model, 3);
            trained = model.logprobs(RandomModel.batch());
            model.save(adapter);
        }
        try (LanguageModel merged = LanguageModel.load(torch, adapter, LoadOptions.FROZEN);
                LanguageModel beside = LanguageModel.load(torch, adapter, LoadOptions.TRAINED)) {
            assertThat(beside.logprobs(RandomModel.batch())).isEqualTo(trained);
            assertThat(merged.logprobs(RandomModel.batch())).containsExactly(trained, within(1e-5f));
            assertThat(merged.config().tieWordEmbeddings()).isFalse();
            // What is trained on is compared with what it was, not with the base below it.
            learn(beside, 1);
            assertThat(beside.referenceLogprobs(RandomModel.batch())).isEqualTo(trained);
            Path whole = Files.createDirectory(folder.resolve("whole"));
            merged.save(whole);
            try (LanguageModel written = LanguageModel.load(torch, whole, LoadOptions.FROZEN)) {
                assertThat(written.logprobs(RandomModel.batch())).isEqualTo(merged.logprobs(RandomModel.batch()));
            }
        }
    }

    @Test
    void sampling_agreesWithTheForwardPass() {
        try (LanguageModel model = LanguageModel.load(torch, base, training(ALL))) {
            learn(model, 3);
            int[] prompt = {5, 9, 3};
            var completion = new Generator(model, ids -> "", new int[0], GenerationLimits.DEFAULT)
                    .generate(List.of(prompt), 1, SamplingOptions.unfiltered(8, 1))
                    .get(0)
                    .get(0);
            PackedBatch.Builder builder = PackedBatch.builder();
            builder.prompt(prompt);
            float[] scored =
                    model.logprobs(builder.completion(completion.tokenIds()).build());
            assertThat(completion.logprobs()).containsExactly(scored, within(1e-3f));
        }
    }

    @Test
    void dropout_isTheSameAgain_andOnlyInTraining() {
        LoraConfig lora = ALL.withDropout(0.5);
        try (LanguageModel one = LanguageModel.load(torch, base, training(lora));
                LanguageModel two = LanguageModel.load(torch, base, training(lora))) {
            learn(one, 2);
            learn(two, 2);
            float[] first = outputs(one);
            assertThat(first).isEqualTo(outputs(two));
            assertThat(outputs(one)).as("another pass").isNotEqualTo(first);
            assertThat(one.logprobs(RandomModel.batch()))
                    .isNotEqualTo(first)
                    .isEqualTo(two.logprobs(RandomModel.batch()));
        }
    }

    @Test
    void checkpointing_isTheSameToTheBit() {
        LoraConfig lora = ALL.withDropout(0.3).saving(List.of("down_proj"));
        try (LanguageModel plain = LanguageModel.load(torch, base, training(lora));
                LanguageModel less =
                        LanguageModel.load(torch, base, training(lora).checkpointed());
                LanguageModel full = LanguageModel.load(torch, base, LoadOptions.TRAINED);
                LanguageModel fullLess = LanguageModel.load(torch, base, LoadOptions.TRAINED.checkpointed())) {
            learn(plain, 3);
            learn(less, 3);
            assertThat(outputs(plain)).isEqualTo(outputs(less));
            learn(full, 3);
            learn(fullLess, 3);
            assertThat(outputs(full)).isEqualTo(outputs(fullLess));
        }
    }

    /** Training the embedding takes the backward pass through all layers; without, it ends above the lowest that is trained. */
    @ParameterizedTest
    @CsvSource({"0, false", "0.5, false", "0, true"})
    void upperLayersAlone_haveTheGradientsOfAPassThroughAllLayers(double dropout, boolean checkpointed) {
        LoraConfig upper = LoraConfig.of(2, 4)
                .withTargets(TargetModules.of(List.of(".*layers\\.1\\..*_proj")))
                .withDropout(dropout);
        LoadOptions shallow = training(upper);
        LoadOptions deep = training(upper.saving(List.of("embed_tokens")));
        try (LanguageModel one = LanguageModel.load(torch, base, checkpointed ? shallow.checkpointed() : shallow);
                LanguageModel two = LanguageModel.load(torch, base, checkpointed ? deep.checkpointed() : deep)) {
            learn(one, 1);
            learn(two, 1);
            assertThat(adapterGradients(one)).hasSize(2 * 7).isEqualTo(adapterGradients(two));
        }
    }

    private static List<String> adapterGradients(LanguageModel model) {
        return model.parameters().trained().stream()
                .filter(block -> block.parts().get(0).name().contains(".lora_"))
                .map(block -> block.parts().get(0).name()
                        + Arrays.toString(block.gradient().toFloatArray()))
                .toList();
    }

    @Test
    void targets_areChosenByNameAndByExpression() {
        try (LanguageModel named = LanguageModel.load(torch, base, training(LoraConfig.of(2, 4)));
                LanguageModel matched = LanguageModel.load(
                        torch,
                        base,
                        training(LoraConfig.of(2, 4)
                                .withTargets(TargetModules.of(List.of(".*layers\\.1\\..*_proj")))))) {
            assertThat(named.parameters().trained()).hasSize(2 * 2 * 2);
            assertThat(matched.parameters().trained())
                    .hasSize(2 * 7)
                    .allSatisfy(block -> assertThat(block.parts().get(0).name()).contains("layers.1."));
        }
        assertThatThrownBy(() -> LanguageModel.load(
                        torch, base, training(LoraConfig.of(2, 4).withTargets(TargetModules.of(List.of("query"))))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("query")
                .hasMessageContaining("q_proj");
        assertThatThrownBy(() -> LanguageModel.load(torch, base, training(ALL.saving(List.of("k_proj")))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("k_proj");
    }

    @ParameterizedTest
    @CsvSource({"lm_head, lm_head", "embed_tokens, model.embed_tokens", ".*(q_proj|lm_head), lm_head"})
    void targets_embeddingOrHead_areRefused(String target, String module) {
        TargetModules targets = TargetModules.of(target.contains("*") ? List.of(target) : List.of("q_proj", target));
        assertThatThrownBy(() -> LanguageModel.load(
                        torch, base, training(LoraConfig.of(2, 4).withTargets(targets))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("lora_target_modules: received " + targets.json() + ", which chooses " + module)
                .hasMessageEndingWith(
                        "read and merged, not trained; leave it out, or train it whole with" + " lora_modules_to_save");
    }

    /** Modules are compared, not words: a file has their names, whatever they were chosen by. */
    @Test
    void targets_besideAnAdapter_mustBeItsOwn() throws IOException {
        Path adapter = Files.createDirectory(folder.resolve("adapter"));
        LoraConfig own = LoraConfig.of(2, 4).saving(List.of("o_proj"));
        try (LanguageModel model = LanguageModel.load(torch, base, training(own))) {
            model.save(adapter);
        }
        TargetModules same = TargetModules.of(List.of(".*[qvo]_proj")); // what is trained whole has no adapter
        LanguageModel.load(torch, adapter, training(own.withTargets(same))).close();
        for (String other : List.of(".*q_proj", ".*[kqv]_proj", "all-linear")) {
            TargetModules targets = TargetModules.of(List.of(other));
            String difference = other.equals(".*q_proj")
                    ? "leaves out model.layers.0.self_attn.v_proj"
                    : "chooses model.layers.0.self_attn.k_proj";
            assertThatThrownBy(() -> LanguageModel.load(torch, adapter, training(own.withTargets(targets))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("lora_target_modules: received " + targets.json() + ", which " + difference
                            + "; the model is adapter " + adapter
                            + ", which is trained on as it is: leave the keys out,"
                            + " or merge it into its base first");
        }
    }

    /** A reward model's head is always trained with its adapter, whether it is named or not. */
    @Test
    void keys_besideARewardModelsAdapter_mayLeaveItsHeadOut() throws IOException {
        Path adapter = Files.createDirectory(folder.resolve("reward"));
        try (RewardBackbone model = RewardBackbone.load(torch, base, training(ALL), RewardBackbone.HeadInit.ZEROS, 3)) {
            model.save(adapter);
        }
        RewardBackbone.load(torch, adapter, training(ALL), RewardBackbone.HeadInit.ZEROS, 3)
                .close();
        LoraConfig more = ALL.saving(List.of("score", "lm_head"));
        assertThatThrownBy(() -> RewardBackbone.load(torch, adapter, training(more), RewardBackbone.HeadInit.ZEROS, 3))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("lora_modules_to_save: expected [], found [lm_head]; the model is adapter ");
    }

    @Test
    void rewardModel_trainsItsHeadWithTheAdapter() throws IOException {
        Path adapter = Files.createDirectory(folder.resolve("reward"));
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {4, 5});
        PackedBatch batch =
                builder.answer(new int[] {6, 7}).answer(new int[] {8}).build();
        float[] trained;
        try (RewardBackbone model = RewardBackbone.load(torch, base, training(ALL), RewardBackbone.HeadInit.NORMAL, 3);
                AdamW optimizer = new AdamW(model.parameters(), AdamWOptions.DEFAULT)) {
            for (int i = 0; i < 3; i++) {
                try (ForwardPass pass = model.forward(batch)) {
                    pass.backward(new float[] {1, -1});
                }
                optimizer.step(0.05, 0);
            }
            trained = model.rewards(batch);
            model.save(adapter);
        }
        assertThat(ModelSource.of(adapter).reward()).isTrue();
        assertThat(ModelJson.read(adapter.resolve("adapter_config.json"))
                        .path("modules_to_save")
                        .path(0)
                        .asText())
                .isEqualTo("score");
        try (RewardBackbone read =
                RewardBackbone.load(torch, adapter, LoadOptions.FROZEN, RewardBackbone.HeadInit.ZEROS, 0)) {
            assertThat(read.rewards(batch)).containsExactly(trained, within(1e-5f));
        }
    }

    @Test
    void backward_leavesNoTensorsBehind() {
        try (LanguageModel model =
                LanguageModel.load(torch, base, training(ALL.withDropout(0.1)).checkpointed())) {
            long before = torch.liveTensors();
            for (int i = 0; i < 3; i++) {
                try (ForwardPass pass = model.forward(RandomModel.batch())) {
                    pass.backward(new float[pass.outputs().length]);
                }
                model.referenceLogprobs(RandomModel.batch());
            }
            assertThat(torch.liveTensors()).isEqualTo(before);
        }
    }

    private static float[] outputs(LanguageModel model) {
        try (ForwardPass pass = model.forward(RandomModel.batch())) {
            return pass.outputs();
        }
    }

    private static void learn(LanguageModel model, int steps) {
        try (AdamW optimizer = new AdamW(model.parameters(), AdamWOptions.DEFAULT)) {
            for (int i = 0; i < steps; i++) {
                try (ForwardPass pass = model.forward(RandomModel.batch())) {
                    float[] gradient = new float[pass.outputs().length];
                    Random random = new Random(i);
                    for (int j = 0; j < gradient.length; j++) {
                        gradient[j] = (float) random.nextGaussian();
                    }
                    pass.backward(gradient);
                }
                optimizer.step(0.02, 0);
            }
        }
    }
}
