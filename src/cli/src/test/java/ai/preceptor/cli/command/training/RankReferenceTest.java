package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which model {@code ref_model} is, and which tokens it sees. */
class RankReferenceTest {
    @TempDir
    Path directory;

    private CommandRun rank(String name, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "rank",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve(name),
                "threads=1",
                "batch_size=4",
                "learning_rate=1e-2",
                "lr_scheduler_type=constant",
                "shuffle=false",
                "save_steps=0"));
        words.addAll(List.of(more));
        return CommandRun.of(words.toArray(String[]::new));
    }

    private double firstLoss(String name, String... more) throws IOException {
        CommandRun run = rank(name, more);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return CommandRun.rows(directory.resolve(name).resolve("metrics.jsonl"))
                .get(0)
                .path("loss")
                .doubleValue();
    }

    /** Its own template ends a turn with one token less. */
    @Test
    void precomputed_refModelOfAnotherTemplate_seesTheStudentsTokens() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        try (var files = Files.list(Golden.dir("tiny-teacher"))) {
            for (Path file : files.toList()) {
                Files.copy(file, other.resolve(file.getFileName()));
            }
        }
        Path template = other.resolve("chat_template.jinja");
        String shorter = Files.readString(template).replace("'<|im_end|>' + '\n'", "'<|im_end|>'");
        assertThat(Files.readString(template)).isNotEqualTo(shorter);
        Files.writeString(template, shorter);
        double inMemory = firstLoss("memory", "ref_model=" + other, "max_steps=1");
        double precomputed =
                firstLoss("precomputed", "ref_model=" + other, "max_steps=1", "precompute_ref_log_probs=true");
        assertThat(inMemory).isNotCloseTo(Math.log(2), within(1e-2));
        assertThat(precomputed).isCloseTo(inMemory, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refModel_ofAStudentWithAMergedAdapter_isTheModelWithoutIt(boolean precomputed) throws IOException {
        firstLoss("adapter", "max_steps=3", "lora_r=4");
        String adapter = "adapter=" + directory.resolve("adapter/model");
        String how = "precompute_ref_log_probs=" + precomputed;
        assertThat(firstLoss("itself", adapter, how, "max_steps=1"))
                .as("the initial student")
                .isCloseTo(Math.log(2), within(1e-5));
        assertThat(firstLoss("base", adapter, how, "max_steps=1", "ref_model=" + Golden.dir("tiny-chat")))
                .isNotCloseTo(Math.log(2), within(1e-3));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refModel_ofAnotherVocabulary_isRefused(boolean precomputed) throws IOException {
        Path larger = Files.createDirectory(directory.resolve("larger"));
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Golden.dir("tiny-chat").resolve(file), larger.resolve(file));
        }
        String config = Files.readString(Golden.dir("tiny-chat").resolve("config.json"));
        Files.writeString(larger.resolve("config.json"), config.replaceAll("(\"vocab_size\": *)512", "$1528"));
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model =
                        LanguageModel.initialise(torch, DecoderConfig.read(larger), LoadOptions.FROZEN, 1)) {
            model.save(larger);
        }
        CommandRun run = rank("run", "ref_model=" + larger, "precompute_ref_log_probs=" + precomputed);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("ref_model: expected a vocabulary of 512 tokens, the student's, found 528 in " + larger);
    }

    /** Without steps in which it is moved, such a reference is allowed. */
    @Test
    void refModel_ofOtherShapes_isRefusedWhereItFollowsTheStudent() throws IOException {
        Path wider = Golden.dir("tiny-teacher");
        CommandRun run = rank("run", "ref_model=" + wider, "sync_ref_model=true", "max_steps=1");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("ref_model: expected weights of the student's shapes where the reference follows it, found"
                        + " others in " + wider);
        firstLoss("fixed", "ref_model=" + wider, "max_steps=1");
    }
}
