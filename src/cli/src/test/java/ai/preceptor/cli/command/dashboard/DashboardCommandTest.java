package ai.preceptor.cli.command.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.dashboard.DashboardConfig;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.InterruptedRunException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardCommandTest {
    @TempDir
    Path runs;

    private final DashboardCommand command = new DashboardCommand((directory, config) -> Optional.empty());

    @Test
    void word_isTheDirectory() {
        DashboardConfig keys = command.read(null, List.of(runs.toString(), "port=0"));

        assertThat(keys.directory()).isEqualTo(runs);
        assertThat(keys.port()).isZero();
        assertThat(command.read(null, List.of()).directory()).isEqualTo(Path.of("runs"));
    }

    @Test
    void directoryThatIsNotThere_isRefused() {
        List<String> arguments = List.of(runs.resolve("none").toString());

        assertThatThrownBy(() -> command.read(null, arguments))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("runs: ");
    }

    @Test
    void interrupted_saysWhereItWas_andEnds() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(stream, stream, false, 80);
        terminal.interrupt().request();
        DashboardConfig keys = command.read(null, List.of(runs.toString(), "port=0"));

        assertThatThrownBy(() -> command.run(keys, terminal)).isInstanceOf(InterruptedRunException.class);

        assertThat(said.toString(StandardCharsets.UTF_8)).contains("dashboard of " + runs + " at http://127.0.0.1:");
    }
}
