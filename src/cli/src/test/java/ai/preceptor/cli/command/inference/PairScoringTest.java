package ai.preceptor.cli.command.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairScoringTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final Path PAIRS = Golden.file("pairs.jsonl");

    @TempDir
    Path directory;

    /** TRL's first step of DPO starts from the model as it is: its mean over the first four pairs is known. */
    @Test
    void logprobs_firstPairs_haveTrlsMean() throws IOException {
        Path output = directory.resolve("out.jsonl");
        CommandRun run = CommandRun.of("logprobs", "model=" + MODEL, "data=" + PAIRS, "max_rows=4", "output=" + output);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        List<JsonNode> rows = CommandRun.rows(output);
        JsonNode first =
                Golden.json("trl_curves.json").path("dpo/sigmoid").path("steps").path(0);
        for (String name : List.of("logps/chosen", "logps/rejected")) {
            double mean = rows.stream()
                    .mapToDouble(row -> row.get(name).doubleValue())
                    .average()
                    .orElseThrow();
            assertThat(mean).as(name).isCloseTo(first.get(name).doubleValue(), within(1e-2));
        }
        assertThat(rows).allMatch(row -> row.get("tokens/chosen").intValue() > 0);
    }

    @Test
    void logprobs_anyBatchSize_givesTheSame() throws IOException {
        Path one = directory.resolve("one.jsonl");
        Path many = directory.resolve("many.jsonl");
        CommandRun.of("logprobs", "model=" + MODEL, "data=" + PAIRS, "batch_size=1", "output=" + one);
        CommandRun.of("logprobs", "model=" + MODEL, "data=" + PAIRS, "batch_size=7", "output=" + many);
        List<JsonNode> alone = CommandRun.rows(one);
        List<JsonNode> together = CommandRun.rows(many);
        assertThat(alone).hasSize(24);
        for (int i = 0; i < alone.size(); i++) {
            assertThat(together.get(i).get("logps/chosen").doubleValue())
                    .isCloseTo(alone.get(i).get("logps/chosen").doubleValue(), within(1e-2));
            assertThat(together.get(i).get("tokens/rejected"))
                    .isEqualTo(alone.get(i).get("tokens/rejected"));
        }
    }

    @Test
    void score_languageModel_isRefused() {
        CommandRun run = CommandRun.of("score", "model=" + MODEL, "data=" + PAIRS, "output=" + directory.resolve("o"));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("expected a reward model, found LlamaForCausalLM, which has no scalar head");
        assertThat(directory.resolve("o")).doesNotExist();
    }

    @Test
    void logprobs_badRow_isToldWithItsLineOrSkipped() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(PAIRS).subList(0, 2));
        lines.add(1, "{\"prompt\": 3}");
        Path data = Files.write(directory.resolve("data.jsonl"), lines);
        Path output = directory.resolve("o.jsonl");
        CommandRun failed = CommandRun.of("logprobs", "model=" + MODEL, "data=" + data, "output=" + output);
        assertThat(failed.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(failed.err()).contains(data + ":2: ");
        CommandRun skipped =
                CommandRun.of("logprobs", "model=" + MODEL, "data=" + data, "output=" + output, "on_bad_row=skip");
        assertThat(skipped.code()).isEqualTo(ExitCode.DONE);
        assertThat(skipped.err()).contains("3 rows read, 2 kept, 1 bad row");
        assertThat(CommandRun.rows(output)).hasSize(2);
    }
}
