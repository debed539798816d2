package ai.preceptor.cli.command.inference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vllm.FakeVllm;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rollout_url} on the command line, with scripted servers. */
class ServedGenerateCommandTest {
    private static final int PROMPTS = 6;

    @TempDir
    Path directory;

    private CommandRun generate(String output, String... more) throws IOException {
        Path prompts = directory.resolve("prompts.jsonl");
        Files.writeString(prompts, "{\"prompt\": \"Once upon a time\"}\n".repeat(PROMPTS));
        return CommandRun.of(Stream.concat(
                        Stream.of(
                                "generate",
                                "model=" + Golden.dir("tiny-chat"),
                                "data=" + prompts,
                                "output=" + directory.resolve(output),
                                "num_generations=3",
                                "max_new_tokens=5"),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    /** Which server has answered is not seen. */
    @Test
    void twoServers_shareTheAnswers_andOneGivesTheSame() throws IOException {
        try (FakeVllm one = FakeVllm.start("student");
                FakeVllm two = FakeVllm.start("student")) {
            CommandRun both = generate("both.jsonl", "rollout_url=[" + one.url() + "," + two.url() + "]");
            assertThat(both.code()).as(both.err()).isEqualTo(ExitCode.DONE);
            List<JsonNode> rows = CommandRun.rows(directory.resolve("both.jsonl"));
            assertThat(rows).hasSize(PROMPTS).allSatisfy(row -> {
                assertThat(row.path("completions")).hasSize(3).allSatisfy(answer -> {
                    assertThat(answer.path("token_ids")).hasSizeBetween(1, 5);
                    assertThat(answer.path("token_ids"))
                            .allSatisfy(id -> assertThat(id.intValue()).isBetween(0, FakeVllm.VOCABULARY - 1));
                });
            });
            assertThat(Stream.of(one, two)
                            .mapToLong(server -> server.completions().stream()
                                    .filter(asked -> asked.path("max_tokens").intValue() == 5)
                                    .count())
                            .sum())
                    .as("one of each server before the rows")
                    .isEqualTo(PROMPTS * 3 + 2);
            CommandRun alone = generate("alone.jsonl", "rollout_url=[" + two.url() + "]");
            assertThat(alone.code()).as(alone.err()).isEqualTo(ExitCode.DONE);
            assertThat(directory.resolve("alone.jsonl")).hasSameBinaryContentAs(directory.resolve("both.jsonl"));
        }
    }

    @Test
    void repliesThatCannotBeRight_endTheCommand_namingTheServer() throws IOException {
        try (FakeVllm server = FakeVllm.start("student")) {
            server.lies(reply -> {
                if (server.completions().size() > 1 // the first is looked at before rows are asked for
                        && reply.path("choices").path(0).path("token_ids").size() == 5) {
                    ((ObjectNode) reply.path("choices").path(0)).put("finish_reason", "stop");
                }
                return reply;
            });
            CommandRun run = generate("wrong.jsonl", "rollout_url=[" + server.url() + "]");
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.TEACHER_FAILED);
            assertThat(run.err())
                    .contains("rollout server " + server.url().replace("/v1", ""))
                    .contains("choices[0].finish_reason: expected stop with one of");
            assertThat(directory.resolve("wrong.jsonl")).doesNotExist();
        }
    }

    @Test
    void serverOfAnotherModel_isRefused_andWritesNothing() throws IOException {
        try (FakeVllm server = FakeVllm.start("student")) {
            CommandRun run = generate("none.jsonl", "rollout_url=[" + server.url() + "]", "rollout_model=other");
            assertThat(run.code()).as(run.out()).isNotEqualTo(ExitCode.DONE);
            assertThat(run.err()).contains(server.url().replace("/v1", "")).contains("other");
            assertThat(directory.resolve("none.jsonl")).doesNotExist();
        }
    }
}
