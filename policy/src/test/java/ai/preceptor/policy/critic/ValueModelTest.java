package ai.preceptor.policy.critic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.RewardBackbone.NewHeads;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValueModelTest extends CriticContract {
    private static final Path STUDENT = Golden.dir("models/llama");
    private static final Path REWARD = Golden.dir("models/llama-reward");

    private final Torch torch = Torch.open("cpu", 1);

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        assertThat(torch.liveTensors()).isZero();
        torch.close();
    }

    private CriticSource.Beside beside(LoadOptions options) {
        return new CriticSource.Beside(torch, STUDENT, options, TrainConfig.defaults());
    }

    @Override
    protected Critic critic() {
        return ValueModelSource.of(REWARD).open(beside(LoadOptions.TRAINED));
    }

    @Override
    protected double learningRate() {
        return 3e-3;
    }

    private static float[] values(Critic critic) {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {5, 6, 7});
        return critic.values(builder.completion(new int[] {3, 4}).build());
    }

    /** A head that learnt to say what a token is worth is kept; one that says how good an answer is, on any scale, is not. */
    @Test
    void open_startsAtZeroButFromAValueModelsHead() {
        try (Critic student = ValueModelSource.of(null).open(beside(LoadOptions.TRAINED));
                Critic given = ValueModelSource.of(REWARD).open(beside(LoadOptions.TRAINED));
                Critic trunk = ValueModelSource.trunkOf(REWARD).open(beside(LoadOptions.TRAINED))) {
            assertThat(values(student)).containsExactly(0, 0);
            assertThat(values(given)).doesNotContain(0);
            assertThat(values(trunk)).containsExactly(0, 0);
        }
    }

    /** A student that trains an adapter has a critic that does, and what it saves is an adapter. */
    @Test
    void open_besideAnAdapter_trainsOne() throws IOException {
        LoadOptions options = LoadOptions.TRAINED.withLora(LoraConfig.of(2, 4), 1);
        Path saved = Files.createDirectory(folder.resolve("saved"));
        for (ValueModelSource source : new ValueModelSource[] {
            ValueModelSource.of(null), ValueModelSource.trunkOf(REWARD), ValueModelSource.of(REWARD)
        }) {
            try (Critic critic = source.open(beside(options));
                    Critic whole = source.open(beside(LoadOptions.TRAINED))) {
                assertThat(critic.stateBytes()).isLessThan(whole.stateBytes() / 4);
            }
        }
        try (Critic critic = ValueModelSource.of(REWARD).open(beside(options))) {
            critic.saveModel(saved);
            assertThat(saved.resolve("adapter_config.json")).exists();
        }
        try (Critic again = ValueModelSource.of(saved).open(beside(LoadOptions.TRAINED));
                Critic critic = ValueModelSource.of(REWARD).open(beside(options))) {
            assertThat(values(again)).containsExactly(values(critic));
            assertThat(again.stateBytes()).as("goes on with it").isEqualTo(critic.stateBytes());
        }
    }

    @Test
    void requireFits_otherVocabularyOrSeveralHeads_isRefusedBeforeItLoads() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        DecoderConfig mine = DecoderConfig.read(STUDENT);
        mine.edited(json -> json.put("vocab_size", 100)).write(other);
        assertThatThrownBy(() -> ValueModelSource.of(other).requireFits(STUDENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("value_model: " + other
                        + " has a vocabulary of 100 tokens, expected the student's " + mine.vocabSize());
        Path ensemble = Files.createDirectory(folder.resolve("ensemble"));
        try (RewardBackbone heads =
                RewardBackbone.load(torch, STUDENT, LoadOptions.TRAINED, new NewHeads(3, HeadInit.NORMAL, 5))) {
            heads.save(ensemble);
        }
        assertThatThrownBy(() -> ValueModelSource.trunkOf(ensemble).open(beside(LoadOptions.TRAINED)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("reward_model: " + ensemble + " has 3 heads, expected 1");
    }
}
