package ai.preceptor.cli.command.inference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {
    private static final Path MODEL = Golden.dir("tiny-chat");

    @TempDir
    Path directory;

    @Test
    void run_someAnswersToEach_writesTheContractsRows() throws IOException {
        List<JsonNode> rows = generate(prompts(3), "num_generations=2", "max_new_tokens=5");
        assertThat(rows).hasSize(3);
        assertThat(rows.get(1).path("prompt").path(0).path("content").asText()).isEqualTo("Say number 1");
        for (JsonNode row : rows) {
            assertThat(row.path("completions")).hasSize(2);
            for (JsonNode answer : row.path("completions")) {
                assertThat(answer.path("token_ids")).hasSizeBetween(1, 5);
                assertThat(answer.path("logprobs")).hasSameSizeAs(answer.path("token_ids"));
                assertThat(answer.path("finish_reason").asText()).isIn("stop", "length");
                assertThat(answer.path("logprobs").path(0).asDouble()).isNegative();
            }
        }
    }

    @Test
    void run_sameSeed_repeatsAndAnotherDoesNot() throws IOException {
        Path prompts = prompts(2);
        assertThat(generate(prompts, "seed=3", "max_new_tokens=4"))
                .isEqualTo(generate(prompts, "seed=3", "max_new_tokens=4"));
        assertThat(generate(prompts, "seed=4", "max_new_tokens=4"))
                .isNotEqualTo(generate(prompts, "seed=3", "max_new_tokens=4"));
    }

    /** Two prompts at the same place of two chunks must not share their random numbers. */
    @Test
    void run_morePromptsThanAChunk_drawsAfresh() throws IOException {
        Path file = directory.resolve("same.jsonl");
        Files.writeString(file, "{\"prompt\": \"Once\"}\n".repeat(65));
        List<JsonNode> rows = generate(file, "max_new_tokens=3");
        assertThat(rows).hasSize(65);
        assertThat(rows.get(64).path("completions")).isNotEqualTo(rows.get(0).path("completions"));
    }

    /** Numbers that float32 cannot hold stand for their limit: the most probable token. */
    @Test
    void run_samplingThatUnderflows_takesTheMostProbable() throws IOException {
        Path prompts = prompts(2);
        List<JsonNode> greedy = generate(prompts, "temperature=0", "max_new_tokens=4");
        assertThat(generate(prompts, "top_p=1e-46", "max_new_tokens=4")).isEqualTo(greedy);
        assertThat(generate(prompts, "top_p=4.9e-324", "temperature=1e-46", "min_p=1", "max_new_tokens=4"))
                .isEqualTo(greedy);
    }

    @Test
    void run_impossibleSampling_isRefusedAllAtOnce() {
        CommandRun run = CommandRun.of(
                "generate", "model=" + MODEL, "data=missing.jsonl", "output=" + directory, "top_p=0", "temperature=-1");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("preceptor generate: 4 problems")
                .contains(
                        "data: expected files of rows: a file, a folder, a glob",
                        "found \"missing.jsonl\": it does not exist")
                .contains("output: expected a file that can be written", "it is a directory")
                .contains("top_p: expected a number in (0, 1], found 0")
                .contains("temperature: expected a number in [0, inf), found -1");
    }

    @Test
    void run_promptBeyondTheContext_isBadData() throws IOException {
        Path file =
                Files.writeString(directory.resolve("long.jsonl"), "{\"prompt\": \"" + "word ".repeat(5000) + "\"}");
        CommandRun run =
                CommandRun.of("generate", "model=" + MODEL, "data=" + file, "output=" + directory.resolve("o.jsonl"));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("prompt 0 (0-based): expected 1 to ");
    }

    private List<JsonNode> generate(Path prompts, String... more) throws IOException {
        Path output = directory.resolve("answers.jsonl");
        String[] arguments = new String[more.length + 4];
        arguments[0] = "generate";
        arguments[1] = "model=" + MODEL;
        arguments[2] = "data=" + prompts;
        arguments[3] = "output=" + output;
        System.arraycopy(more, 0, arguments, 4, more.length);
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return CommandRun.rows(output);
    }

    private Path prompts(int count) throws IOException {
        String lines = IntStream.range(0, count)
                .mapToObj(i -> "{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number " + i + "\"}]}")
                .collect(Collectors.joining("\n"));
        return Files.writeString(directory.resolve("prompts.jsonl"), lines);
    }
}
