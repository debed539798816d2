package ai.preceptor.cli.command.learners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.WINDOWS;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;

@DisabledOnOs(WINDOWS)
class LearnerProcessTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream log = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private LearnerProcess start(String script) throws Exception {
        return LearnerProcess.start(2, new ProcessBuilder("sh", "-c", script), log);
    }

    private String ended(LearnerProcess process) {
        process.end(60_000);
        return process.end().orElseThrow();
    }

    @Test
    void end_saysHowItEnded() throws Exception {
        assertThat(ended(start("exit 3"))).startsWith("learner 2 ended with code 3");
        assertThat(ended(start("kill -9 $$"))).startsWith("learner 2 was ended by signal 9");
        assertThat(ended(start("exit 0"))).startsWith("learner 2 ended with code 0");
    }

    @Test
    void end_ofOneThatDoesNotEnd_endsIt() throws Exception {
        LearnerProcess process = start("exec sleep 600");
        assertThat(process.end()).isEmpty();
        process.end(1);
        assertThat(process.end()).contains("learner 2 was ended by signal 9");
    }

    @Test
    void output_isLoggedWithTheRank() throws Exception {
        LearnerProcess process = start("echo one; echo two >&2");
        process.end(60_000);
        for (int i = 0; i < 600 && !bytes.toString(StandardCharsets.UTF_8).contains("two"); i++) {
            Thread.sleep(100);
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("[learner 2] one", "[learner 2] two");
    }
}
