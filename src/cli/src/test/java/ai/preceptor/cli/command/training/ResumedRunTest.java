package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.data.rows.JsonlReader;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A run in two processes, the newest checkpoint between them damaged or not, comes to what one process comes to: the same
 * weights to the bit, and the same summary but for times.
 */
class ResumedRunTest {
    private static final Pattern TIME = Pattern.compile(".*(time|seconds|utilization|resumed_from).*");

    @TempDir
    Path directory;

    /** Each kind of training, and some of the files that its checkpoints hold. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            rank batch_size=4                      | model.safetensors optimizer.safetensors optimizer_steps.txt
            sft lora_r=2 batch_size=4              | adapter_model.safetensors
            reward batch_size=4                    | model.safetensors
            distill teacher=MODEL batch_size=4     | run_totals.json
            policy teacher=MODEL num_generations=2 batch_size=4 num_iterations=2 max_completion_length=8 | policy.jsonl
            rank online=true teacher=MODEL num_generations=3 batch_size=4 max_new_tokens=8 | online.json
            policy rollouts=ROLLOUTS batch_size=4 num_iterations=2 max_completion_length=24 beta=0.1 | policy.jsonl
            """)
    void resume_newestCheckpointWholeOrDamaged_equalsTheStraightRun(String command, String files) throws IOException {
        Path straight = directory.resolve("straight");
        run(command, straight, 3);
        Path stopped = directory.resolve("stopped");
        run(command, stopped, 2);
        Path whole = copy(stopped, "whole");
        assertThat(run(command, whole, 3)).contains("resuming after step 2 of 3");
        assertSame(whole, straight);
        for (String file : files.split(" ")) {
            Path damaged = copy(stopped, "damaged-" + file);
            flipBit(damaged.resolve("checkpoints/step-2").resolve(file));
            assertThat(run(command, damaged, 3)).as(file).contains("resuming after step 1 of 3");
            assertSame(damaged, straight);
        }
        for (int step = 1; step <= 2; step++) {
            flipBit(stopped.resolve("checkpoints/step-" + step).resolve(files.split(" ")[0]));
        }
        CommandRun none = CommandRun.of(words(command, stopped, 3));
        assertThat(none.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(none.err()).contains("no checkpoint is intact", "step-1 is damaged", "step-2 is damaged");
    }

    private String run(String command, Path output, int steps) throws IOException {
        CommandRun run = CommandRun.of(words(command, output, steps));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return run.err();
    }

    private String[] words(String command, Path output, int steps) throws IOException {
        List<String> words = new ArrayList<>(Arrays.asList(command.replace(
                        "MODEL", Golden.dir("tiny-chat").toString())
                .replace("ROLLOUTS", Golden.file("policy_rollouts.jsonl").toString())
                .split(" ")));
        words.add("model=" + Golden.dir("tiny-chat"));
        if (!command.contains("rollouts=")) {
            words.add("data=" + (command.matches("(sft|distill).*") ? demonstrations() : Golden.file("pairs.jsonl")));
        }
        words.addAll(List.of("lr_scheduler_type=constant", "learning_rate=1e-3", "save_steps=1", "resume=true"));
        words.addAll(List.of("output=" + output, "max_steps=" + steps));
        return words.toArray(String[]::new);
    }

    private Path demonstrations() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (JsonNode pair : JsonlReader.committedRows(Golden.file("pairs.jsonl"))) {
            ObjectNode row = new ObjectMapper().createObjectNode();
            row.set("prompt", pair.path("prompt"));
            row.set("completion", pair.path("chosen"));
            rows.append(row).append('\n');
        }
        return Files.writeString(directory.resolve("demonstrations.jsonl"), rows.toString());
    }

    private Path copy(Path from, String name) throws IOException {
        Path to = directory.resolve(name);
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
        return to;
    }

    private static void flipBit(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 2;
        Files.write(file, bytes);
    }

    private static void assertSame(Path run, Path straight) throws IOException {
        for (String name : List.of("model.safetensors", "adapter_model.safetensors")) {
            if (Files.exists(straight.resolve("model").resolve(name))) {
                assertThat(run.resolve("model").resolve(name))
                        .hasSameBinaryContentAs(straight.resolve("model").resolve(name));
            }
        }
        JsonNode summary = summary(run);
        assertThat(summary).isEqualTo(summary(straight));
        assertThat(summary.path("train_loss").isNumber()).isTrue();
        assertThat(run.resolve("metrics.jsonl")).content().hasLineCount(3);
    }

    private static JsonNode summary(Path run) throws IOException {
        JsonNode summary =
                new ObjectMapper().readTree(run.resolve("summary.json").toFile());
        withoutTimes(summary);
        return summary;
    }

    private static void withoutTimes(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            names.stream().filter(name -> TIME.matcher(name).matches()).forEach(object::remove);
        }
        node.forEach(ResumedRunTest::withoutTimes);
    }
}
