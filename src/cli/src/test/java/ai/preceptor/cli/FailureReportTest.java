package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.console.Terminal;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureReportTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private List<String> report(Throwable failure) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        new FailureReport(new Terminal(stream, stream, false, 80)).report("rank", failure, null);
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void configuration_everyLineIsAProblem() {
        assertThat(report(new ConfigurationException("beta: found 0\nseed: found x")))
                .containsExactly("rank: 2 problems", "  beta: found 0", "  seed: found x");
    }

    /** A message that quotes another program's lines is one failure. */
    @Test
    void other_linesAreDetailsOfOneFailure() {
        assertThat(report(new DataException("template: cannot be rendered:\nat line 1\nat line 2")))
                .containsExactly("rank: template: cannot be rendered:", "  at line 1", "  at line 2");
    }

    @Test
    void empty_isOneLine() {
        assertThat(report(new DataException(""))).hasSize(1);
    }
}
