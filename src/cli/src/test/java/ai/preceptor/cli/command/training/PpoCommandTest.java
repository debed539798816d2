package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code policy algorithm=ppo} on the command line. */
class PpoCommandTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");

    @TempDir
    Path directory;

    /** The critic starts from the reward model, then from the critic of that run, whose head it keeps. */
    @Test
    void ppo_criticOfARewardModel_andOfAnEarlierRun() throws IOException {
        Path reward = directory.resolve("reward");
        CommandRun trained = CommandRun.of(
                "reward",
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + reward,
                "max_steps=2",
                "learning_rate=1e-3");
        assertThat(trained.code()).as(trained.err()).isEqualTo(ExitCode.DONE);
        JsonNode first = ppo("first", "reward_model=" + reward.resolve("model"), "num_mini_batches=2")
                .get(0);
        assertThat(first.path("val/explained_variance").doubleValue())
                .as("values of 0")
                .isZero();
        assertThat(first.path("learning_rate").doubleValue()).isEqualTo(3e-6);
        assertThat(directory.resolve("first/model/config.json")).content().contains("ForCausalLM");
        Path critic = directory.resolve("first/checkpoints/step-4/critic");
        assertThat(critic.resolve("config.json")).content().contains("ForSequenceClassification");
        assertThat(critic.resolve("tokenizer.json")).exists();
        JsonNode second = ppo("second", "rule=brevity", "value_model=" + critic, "num_mini_batches=2")
                .get(0);
        assertThat(second.path("val/explained_variance").doubleValue()).isNotZero();
    }

    @Test
    void ppo_criticThatDoesNotFit_isRefusedBeforeAModelLoads() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        DecoderConfig.read(STUDENT).edited(json -> json.put("vocab_size", 100)).write(other);
        CommandRun vocabulary = command("refused", "rule=brevity", "value_model=" + other);
        assertThat(vocabulary.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(vocabulary.err())
                .contains("value_model: ", "has a vocabulary of 100 tokens", "expected the student's 512");
        assertThat(directory.resolve("refused")).doesNotExist();
        CommandRun keys = CommandRun.of(
                "policy",
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve("refused"),
                "rule=brevity",
                "algorithm=reinforce_plus_plus",
                "batch_size=8",
                "lam=0.9",
                "value_model=" + STUDENT);
        assertThat(keys.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(keys.err())
                .contains(
                        "lam: expected none with algorithm=reinforce_plus_plus, which has no critic, found 0.9",
                        "value_model: expected none with algorithm=reinforce_plus_plus");
    }

    private List<JsonNode> ppo(String output, String... more) throws IOException {
        CommandRun run = command(output, more);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return CommandRun.rows(directory.resolve(output).resolve("metrics.jsonl"));
    }

    private CommandRun command(String output, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "policy",
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve(output),
                "algorithm=ppo",
                "batch_size=8",
                "num_iterations=2",
                "max_completion_length=16",
                "max_length=256",
                "lr_scheduler_type=constant",
                "max_steps=4",
                "save_steps=4"));
        words.addAll(List.of(more));
        return CommandRun.of(words.toArray(String[]::new));
    }
}
