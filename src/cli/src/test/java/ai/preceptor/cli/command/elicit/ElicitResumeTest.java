package ai.preceptor.cli.command.elicit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a resumed run keeps, and that nothing of other models is among it. */
class ElicitResumeTest {
    private static final int PROMPTS = 3;
    private static final Path STUDENT = Golden.dir("tiny-chat");

    @TempDir
    private Path directory;

    private Path data;

    @BeforeEach
    void writeRows() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < PROMPTS; i++) {
            rows.append("{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number ")
                    .append(i)
                    .append("\"}]}\n");
        }
        data = Files.writeString(directory.resolve("rows.jsonl"), rows);
    }

    private CommandRun elicit(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "elicit",
                "data=" + data,
                "output=" + directory.resolve("run"),
                "max_new_tokens=3",
                "temperature=2",
                "num_generations=2",
                "resume=true"));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private Path copy(String name) throws IOException {
        Path copy = Files.createDirectories(directory.resolve(name));
        try (Stream<Path> files = Files.list(STUDENT)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.toFile().getName()));
            }
        }
        return copy;
    }

    private static void changeWeights(Path model) throws IOException {
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 2] ^= 8; // of the last number
        Files.write(weights, bytes);
    }

    @Test
    void otherWeightsUnderTheSamePath_areAnotherTeacher() throws IOException {
        Path teacher = copy("teacher");
        CommandRun run = elicit("model=" + STUDENT, "teacher=" + teacher);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(elicit("model=" + STUDENT, "teacher=" + teacher).code()).isEqualTo(ExitCode.DONE);
        changeWeights(teacher);
        CommandRun other = elicit("model=" + STUDENT, "teacher=" + teacher);
        assertThat(other.code()).as(other.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(other.err()).contains("ledger.jsonl:1: was elicited with teacher", "when its files were others");
    }

    @Test
    void otherWeightsUnderTheSamePath_areAnotherStudent() throws IOException {
        Path student = copy("student");
        assertThat(elicit("model=" + student, "rule=brevity").code()).isEqualTo(ExitCode.DONE);
        changeWeights(student);
        CommandRun other = elicit("model=" + student, "rule=brevity");
        assertThat(other.code()).as(other.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(other.err()).contains("ledger.jsonl:1: was elicited with sampler", "when its files were others");
    }

    @Test
    void resumed_ofSeveralStudents_countsTheLedgerOfEach() throws IOException {
        String students = "model=[" + STUDENT + "," + copy("student") + "]";
        assertThat(elicit(students, "rule=brevity").code()).isEqualTo(ExitCode.DONE);
        Files.delete(directory.resolve("run/ledger.jsonl"));
        Files.delete(directory.resolve("run/ledger-2.jsonl"));
        CommandRun again = elicit(students, "rule=brevity");
        assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.DONE);
        assertThat(new ObjectMapper()
                        .readTree(directory.resolve("run/summary.json").toFile())
                        .path("resumed")
                        .intValue())
                .isEqualTo(PROMPTS);
    }
}
