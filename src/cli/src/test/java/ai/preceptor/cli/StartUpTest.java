package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program loads before it does anything. */
class StartUpTest {
    @TempDir
    Path directory;

    @Test
    void help_loadsNeitherLoggingNorTensors() throws Exception {
        ProgramProcess process =
                ProgramProcess.start(directory.resolve("log"), List.of("-Xlog:class+load"), List.of("help", "sft"));
        assertThat(process.end()).isEqualTo(ExitCode.DONE.number());
        assertThat(process.output())
                .contains("ai.preceptor.cli.command.training.SftCommand", "usage: preceptor sft")
                .doesNotContain(" ch.qos.logback.", " ai.djl.", " io.vertx.", " org.yaml.");
    }
}
