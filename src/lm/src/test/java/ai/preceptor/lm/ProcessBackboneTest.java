package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.Checkpoint;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.RewardBackbone.NewHeads;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A head of two labels, with a bias, read at several places of an answer. */
class ProcessBackboneTest {
    private static final NewHeads NORMAL = new NewHeads(1, HeadInit.NORMAL, 5);

    @TempDir
    private Path folder;

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu", 1);
    }

    @AfterEach
    void close() {
        torch.close();
    }

    private static PackedBatch batch() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {3, 14, 15});
        builder.answer(new int[] {5, 35, 8, 9, 4}, new int[] {1, 3});
        return builder.answer(new int[] {7, 9}, new int[] {1}).build();
    }

    private RewardBackbone model(Path directory) {
        return RewardBackbone.loadProcess(torch, directory, LoadOptions.TRAINED, " ## ", NORMAL);
    }

    private Path language(TinyFamilies family) throws IOException {
        Path directory = Files.createDirectories(folder.resolve(family.name()));
        try (LanguageModel model = family.model(torch, LoadOptions.FROZEN)) {
            model.save(directory);
        }
        return directory;
    }

    /** Names as transformers has them; what was saved gives the same numbers again, with its separator. */
    @ParameterizedTest
    @CsvSource({
        "QWEN2_SOME_WINDOWS, Qwen2ForTokenClassification, score",
        "SMOLLM3, SmolLM3ForTokenClassification, score",
        "GPT2, GPT2ForTokenClassification, classifier",
        "GPT_NEOX, GPTNeoXForTokenClassification, classifier"
    })
    void saved_isATokenClassifierOfTwoLabels(TinyFamilies family, String label, String head) throws IOException {
        Path saved = Files.createDirectories(folder.resolve("saved"));
        float[] before;
        try (RewardBackbone model = model(language(family))) {
            TinyFamilies.disturb(model.parameters());
            model.save(saved);
            before = model.rewards(batch());
        }
        assertThat(before).hasSize(6);
        DecoderConfig config = DecoderConfig.read(saved);
        assertThat(config.architecture().label()).isEqualTo(label);
        assertThat(config.json().path("id2label")).hasSize(2);
        assertThat(config.stepSeparator()).isEqualTo(" ## ");
        try (Checkpoint weights = Checkpoint.open(saved)) {
            assertThat(weights.info(head + ".weight").shape()).containsExactly(2, 24);
            assertThat(weights.info(head + ".bias").shape()).containsExactly(2);
        }
        try (RewardBackbone again = RewardBackbone.loadProcess(torch, saved, LoadOptions.FROZEN, "\n", NORMAL)) {
            assertThat(again.rewards(batch())).containsExactly(before, within(1e-6f));
            assertThat(again.config().stepSeparator()).isEqualTo(" ## ");
        }
    }

    @Test
    void backward_ofEveryBlock_equalsCentralDifferences() throws IOException {
        float[] coefficients = {0.3f, -1, 0.7f, 0.2f, -0.4f, 1.1f};
        try (RewardBackbone model = model(language(TinyFamilies.QWEN3))) {
            TinyFamilies.disturb(model.parameters());
            try (ForwardPass pass = model.forward(batch())) {
                pass.backward(coefficients);
            }
            BlockGradients.check(model.parameters(), () -> BlockGradients.dot(model.rewards(batch()), coefficients));
        }
    }

    /** Nothing would tell where a step ends. */
    @Test
    void separatorOfNoCharacter_isRefused() throws IOException {
        Path saved = Files.createDirectories(folder.resolve("saved"));
        try (RewardBackbone model = model(language(TinyFamilies.QWEN3))) {
            model.save(saved);
        }
        Path config = saved.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("\"step_separator\"\\s*:\\s*\" ## \"", "\"step_separator\":\"\""));
        assertThatThrownBy(() -> DecoderConfig.read(saved))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("key \"step_separator\": expected at least one character, found \"\"");
    }

    /** The place of a step is the last row of an answer that ends there. */
    @Test
    void places_areReadAsShorterAnswers() throws IOException {
        PackedBatch.Builder shorter = PackedBatch.builder();
        shorter.prompt(new int[] {3, 14, 15});
        shorter.answer(new int[] {5, 35}).answer(new int[] {5, 35, 8, 9}).answer(new int[] {7, 9});
        try (RewardBackbone model = model(language(TinyFamilies.QWEN3))) {
            assertThat(model.rewards(batch())).containsExactly(model.rewards(shorter.build()), within(1e-5f));
        }
    }

    @Test
    void otherModels_areRefused() throws IOException {
        assertThatThrownBy(() -> model(Golden.dir("models/llama-reward")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is a reward model of whole answers, expected a process reward model");
        assertThatThrownBy(() -> model(language(TinyFamilies.OLMO2)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("olmo2: expected a family that transformers has a *ForTokenClassification of");
        Path saved = Files.createDirectories(folder.resolve("process"));
        try (RewardBackbone model = model(language(TinyFamilies.QWEN3))) {
            model.save(saved);
        }
        assertThatThrownBy(() -> RewardBackbone.load(torch, saved, LoadOptions.FROZEN, HeadInit.ZEROS, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is a process reward model, which scores steps");
        assertThatThrownBy(() -> LanguageModel.load(torch, saved, LoadOptions.FROZEN))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Qwen3ForTokenClassification");
    }

    @Test
    void placesThatDoNotIncrease_areRefused() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {1});
        assertThatThrownBy(() -> builder.answer(new int[] {1, 2, 3}, new int[] {1, 1}))
                .hasMessage("places of completion 0: [1, 1], must increase from 0 on and be below 3");
        assertThatThrownBy(() -> builder.answer(new int[] {1, 2}, new int[] {2}))
                .hasMessageContaining("must increase from 0 on and be below 2");
        assertThatThrownBy(() -> builder.answer(new int[] {1, 2}, new int[0]))
                .hasMessage("places of completion 0: 0, must be at least 1");
    }
}
