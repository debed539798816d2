package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference's log-probabilities are computed once for all runs on a model and rows. */
class ReferenceCacheCommandTest {
    @TempDir
    Path directory;

    /**
     * The reference kept beside the student, the numbers computed beforehand and the numbers read back give the same
     * metrics to the last digit where the batches are the same.
     */
    @Test
    void rank_precomputedAndReadBack_equalsAReferenceKeptBeside() throws IOException {
        List<JsonNode> beside = run("beside", "loss_type=sigmoid");
        List<JsonNode> computed = run("computed", "loss_type=sigmoid", "precompute_ref_log_probs=true");
        FileTime written = Files.getLastModifiedTime(cached().get(0));
        List<JsonNode> read = run("read", "loss_type=sigmoid", "precompute_ref_log_probs=true");

        assertThat(computed).hasSize(6).isEqualTo(beside);
        assertThat(read).isEqualTo(beside);
        assertThat(cached()).hasSize(1);
        assertThat(Files.getLastModifiedTime(cached().get(0))).isEqualTo(written);
    }

    @Test
    void rank_anotherLossOnTheSameRows_readsWhatTheFirstComputed() throws IOException {
        List<JsonNode> alone = run("alone", "loss_type=cdpo", "label_smoothing=0.2");
        run("first", "loss_type=sigmoid", "precompute_ref_log_probs=true");
        List<JsonNode> next = run("next", "loss_type=cdpo", "label_smoothing=0.2", "precompute_ref_log_probs=true");

        assertThat(next).isEqualTo(alone);
        assertThat(cached()).hasSize(1);
    }

    private List<Path> cached() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
            return files.toList();
        }
    }

    private List<JsonNode> run(String name, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "rank",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve(name),
                "batch_size=4",
                "shuffle=false",
                "num_train_epochs=1",
                "threads=1",
                "save_steps=0"));
        all.addAll(Arrays.asList(more));
        if (all.contains("precompute_ref_log_probs=true")) {
            all.add("reference_cache=" + directory.resolve("cache"));
        }
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        List<JsonNode> steps = CommandRun.rows(directory.resolve(name).resolve("metrics.jsonl"));
        steps.forEach(step -> ((ObjectNode) step).remove("step_time"));
        return steps;
    }
}
