package ai.preceptor.cli.command.workers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.rollout.cluster.ClusterAddress;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offline stages of which a worker, a process of its own, computes the chunks. */
@Tag("steps-in-java")
class StageWorkersTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");
    private static final String PAIRS = "data=" + Golden.file("pairs.jsonl");

    @TempDir
    private Path directory;

    private final List<ProgramProcess> processes = new ArrayList<>();
    private final int port = new ClusterAddress("127.0.0.1", 0).withFreePort().port();

    @AfterEach
    void end() {
        processes.forEach(one -> one.process().destroyForcibly());
    }

    private ProgramProcess worker(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("worker", "model=" + STUDENT, "device=cpu", "cluster.members=[127.0.0.1:" + port + "]"));
        arguments.addAll(Arrays.asList(more));
        ProgramProcess process =
                ProgramProcess.start(directory.resolve("worker-" + processes.size() + ".log"), List.of(), arguments);
        processes.add(process);
        return process;
    }

    private static String[] and(String[] words, String... more) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
    }

    /** Runs it here and with the worker. */
    private void assertSame(List<String> files, String... words) throws IOException {
        List<Path> outputs = new ArrayList<>();
        for (String how : List.of("alone", "workers")) {
            Path output = directory.resolve(words[0] + "-" + how);
            List<String> all = new ArrayList<>(List.of(words));
            all.replaceAll(word -> word.replace("@", output.toString()));
            if (how.equals("workers")) {
                all.add("cluster.listen=127.0.0.1:" + port);
            }
            CommandRun run = CommandRun.of(all.toArray(String[]::new));
            assertThat(run.code())
                    .as("%s%n%s", run.err(), processes.get(0).output())
                    .isEqualTo(ExitCode.DONE);
            outputs.add(output);
        }
        for (String file : files) {
            assertThat(Path.of(outputs.get(1) + file)).hasSameBinaryContentAs(Path.of(outputs.get(0) + file));
        }
    }

    /** The same worker serves all. */
    @Test
    void stages_withAWorker_writeWhatOneProcessWrites() throws Exception {
        worker("when_over=wait");
        String model = "model=" + STUDENT;
        assertSame(
                List.of(".jsonl"), "generate", model, PAIRS, "max_new_tokens=4", "num_generations=2", "output=@.jsonl");
        assertSame(List.of(".jsonl"), "logprobs", model, PAIRS, "batch_size=5", "output=@.jsonl");
        assertSame(
                List.of("/ledger.jsonl", "/ranked.jsonl", "/preferences.jsonl", "/demonstrations.jsonl"),
                "elicit",
                model,
                PAIRS,
                "rule=brevity",
                "select=best_of_n",
                "temperature=2",
                "max_new_tokens=3",
                "output=@");
        assertThat(processes.get(0).output()).contains("joined; computes").doesNotContain("joined; generates");
    }

    /** The worker's model is the teacher. */
    @Test
    void distill_withAWorker_keepsTheSameCache() throws Exception {
        Path rows = Files.writeString(
                directory.resolve("rows.jsonl"),
                "{\"prompt\": \"a\", \"completion\": \" b c\"}\n{\"prompt\": \"d e\", \"completion\": \" f\"}\n"
                        .repeat(9));
        worker();
        String[] words = {
            "distill", "model=" + STUDENT, "teacher=" + STUDENT, "teacher_top_k=4", "data=" + rows, "max_steps=1"
        };
        assertSame(List.of("/model/model.safetensors"), and(words, "output=@", "teacher_cache=@-cache"));
        Path here = only(directory.resolve("distill-alone-cache"));
        Path there = only(directory.resolve("distill-workers-cache"));
        assertThat(there).hasSameBinaryContentAs(here).hasFileName(here.toFile().getName());
        assertThat(processes.get(0).end()).as(processes.get(0).output()).isZero();
    }

    private static Path only(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    @Test
    void workerOfOtherFiles_isRefused() throws Exception {
        processes.add(ProgramProcess.start(
                directory.resolve("elicit.log"),
                List.of(),
                List.of(
                        "elicit",
                        "model=" + STUDENT,
                        PAIRS,
                        "teacher=" + Golden.dir("tiny-teacher"),
                        "output=" + directory.resolve("waits"),
                        "device=cpu",
                        "cluster.listen=127.0.0.1:" + port)));
        ProgramProcess other = worker("teacher=" + STUDENT);
        assertThat(other.end()).as(other.output()).isEqualTo(ExitCode.BAD_CONFIGURATION.number());
        assertThat(other.output()).contains("the learner refuses this worker: ", "teacher is SHA-256 ");
        ProgramProcess without = worker();
        assertThat(without.end()).as(without.output()).isEqualTo(ExitCode.BAD_CONFIGURATION.number());
        assertThat(without.output())
                .contains("teacher: expected that of the run of elicit, the same files, found none");
    }

    @Test
    void whatWorkersCannotDo_isRefusedByName() {
        String listen = "cluster.listen=127.0.0.1:" + port;
        String model = "model=" + STUDENT;
        String output = "output=" + directory.resolve("none");
        assertRefused(
                "rollout_url: expected nothing with cluster",
                "generate",
                model,
                PAIRS,
                output,
                "rollout_url=[http://127.0.0.1:1]",
                listen);
        assertRefused(
                "rollout_dtype: expected a type or none with cluster",
                "generate",
                model,
                PAIRS,
                output,
                "rollout_dtype=auto",
                listen);
        assertRefused(
                "cluster: expected a heartbeat below 120 s",
                "score",
                model,
                PAIRS,
                output,
                listen,
                "cluster.heartbeat=120");
        assertRefused(
                "kind: expected nothing with cluster, found demonstrations",
                "elicit",
                "kind=demonstrations",
                "teacher=" + STUDENT,
                PAIRS,
                output,
                listen);
        assertRefused(
                "model: expected one with cluster, which workers have, found 2",
                "elicit",
                "model=[" + STUDENT + "," + Golden.dir("tiny-teacher") + "]",
                "rule=brevity",
                PAIRS,
                output,
                listen);
        assertRefused(
                "cluster: expected nothing without teacher_top_k above 0",
                "distill",
                model,
                "teacher=" + STUDENT,
                PAIRS,
                output,
                listen);
    }

    private static void assertRefused(String message, String... words) {
        CommandRun run = CommandRun.of(words);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains(message);
    }
}
