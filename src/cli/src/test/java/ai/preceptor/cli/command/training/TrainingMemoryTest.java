package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A long run needs no more memory than a short one. */
class TrainingMemoryTest {
    private static final Path STATUS = Path.of("/proc/self/status");

    /**
     * What still arrives after 20 steps is compiled code, classes, and the last of oneDNN's 64 shapes: seen here, 0 to 36
     * MiB by step 240 and no more until step 1000. Unbounded caches of shapes grew by 480 MiB.
     */
    private static final long GROWTH_MIB = 64;

    @TempDir
    Path directory;

    /** The heap is touched at the start, so that what grows is native: tensors, and what holds them. */
    @ParameterizedTest
    @CsvSource({"rank, float32", "rank, bfloat16", "reward, float32"})
    void steps200_residentMemory_staysWhereItWasAfter20(String command, String dtype) throws Exception {
        assumeTrue(Files.exists(STATUS), "needs /proc");
        Path output = directory.resolve("run");
        ProgramProcess program = ProgramProcess.start(
                directory.resolve("log"),
                List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch"),
                List.of(
                        command,
                        "device=cpu",
                        "threads=1",
                        "model=" + Golden.dir("tiny-chat"),
                        "data=" + Golden.file("pairs.jsonl"),
                        "output=" + output,
                        "dtype=" + dtype,
                        "max_steps=1000",
                        "batch_size=4",
                        "save_steps=50",
                        "save_total_limit=2"));
        program.await(output.resolve("metrics.jsonl"), 20);
        long after20 = residentMib(program);
        program.await(output.resolve("metrics.jsonl"), 200);
        long after200 = residentMib(program);
        program.process().destroy();
        assertThat(program.end()).as(program.output()).isEqualTo(ExitCode.INTERRUPTED.number());
        assertThat(List.of(after20, after200)).allMatch(size -> size > 0);
        assertThat(after200 - after20)
                .as("MiB from %d after 20 steps to %d after 200", after20, after200)
                .isLessThan(GROWTH_MIB);
    }

    private static long residentMib(ProgramProcess program) throws IOException {
        Path status = Path.of("/proc/" + program.process().pid() + "/status");
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .sum();
    }
}
