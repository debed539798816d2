package ai.preceptor.cli.command.tool;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.StepsInJava;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doctor} says of steps of generation. */
@Tag("steps-in-java")
class DoctorCommandTest {
    private static final String TIMES = " [0-9.]+ and [0-9.]+ ms";

    @TempDir
    Path directory;

    @Test
    void doctor_timesStepsOfTheEmbeddedStudent() {
        StepsInJava.assumePossible();
        CommandRun run = CommandRun.of("doctor");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).contains("rollout    steps in Java (rollout_dtype) are possible\n");
        assertThat(run.out())
                .containsPattern("steps {6}embedded:student, 1 and 8 rows: libtorch float32" + TIMES + "; Java float32"
                        + TIMES + "; Java bfloat16" + TIMES + "; Java int8" + TIMES + "\n");
    }

    @Test
    void doctor_withoutTheModule_saysSo_andTimesLibtorchAlone() throws Exception {
        ProgramProcess process = ProgramProcess.start(
                directory.resolve("log"),
                List.of(),
                List.of("doctor", "model=" + Golden.dir("tiny-chat"), "dtype=bfloat16", "device=cpu"));
        assertThat(process.end()).as(process.output()).isEqualTo(ExitCode.DONE.number());
        assertThat(process.output())
                .contains("rollout    steps in Java (rollout_dtype) are not possible: Java was started without"
                        + " --add-modules jdk.incubator.vector\n")
                .containsPattern("steps {6}tiny-chat, 1 and 8 rows: libtorch bfloat16" + TIMES + "\n");
    }

    @Test
    void doctor_heapTooSmallForSomeWeights_namesThem() {
        assertThat(DoctorCommand.possible(Map.of("float32", "packed weights take 900 bytes")))
                .isEqualTo("possible, but not with float32: packed weights take 900 bytes");
    }
}
