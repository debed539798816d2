package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.preceptor.testkit.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program in a terminal that closes. */
class HangupTest {
    @TempDir
    Path directory;

    @BeforeEach
    void requireSignals() {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "signals are POSIX's");
    }

    @Test
    void training_savesWhatItHas() throws Exception {
        Path output = directory.resolve("run");
        ProgramProcess process = start("rank", output, "max_steps=100000", "save_steps=0", "batch_size=1");
        process.await(output.resolve("metrics.jsonl"), 1);
        hangUp(process);
        assertThat(process.end()).as(process.output()).isEqualTo(ExitCode.INTERRUPTED.number());
        assertThat(process.output())
                .contains("SIGHUP: stopping, and saving the state", "interrupted after step", "resume=true");
        assertThat(output.resolve("checkpoints").toFile().list()).hasSize(1);
    }

    @Test
    void generate_endsAndLeavesNoFile() throws Exception {
        Path output = directory.resolve("answers.jsonl");
        ProgramProcess process = start("generate", output, "max_new_tokens=400", "num_generations=2000");
        process.awaitOutput("24 rows read");
        hangUp(process);
        assertThat(process.end()).as(process.output()).isEqualTo(ExitCode.INTERRUPTED.number());
        assertThat(process.output())
                .contains("SIGHUP: stopping, and saving the state", "interrupted while prompt 0", "nothing is written");
        assertThat(output).doesNotExist();
    }

    private ProgramProcess start(String command, Path output, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(command, "device=cpu", "output=" + output));
        arguments.addAll(List.of("model=" + Golden.dir("tiny-chat"), "data=" + Golden.file("pairs.jsonl")));
        arguments.addAll(List.of(more));
        return ProgramProcess.start(directory.resolve(command + ".log"), List.of(), arguments);
    }

    private static void hangUp(ProgramProcess process) throws Exception {
        String pid = Long.toString(process.process().pid());
        assertThat(new ProcessBuilder("kill", "-HUP", pid).start().waitFor()).isZero();
    }
}
