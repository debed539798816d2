package ai.preceptor.cli.version;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ProgramVersionTest {
    @Test
    void lines_nameTheProgramJavaAndLibtorch() {
        ProgramVersion version = new ProgramVersion(
                of(Map.of("version", "1.2.3", "commit", "abc123")),
                of(Map.of("version", "2.7.1-20250812", "flavor", "cpu")),
                Map.of());
        assertThat(version.lines())
                .hasSize(3)
                .startsWith("preceptor 1.2.3 (abc123)")
                .endsWith("libtorch  2.7.1 (cpu)");
        assertThat(version.lines().get(1)).startsWith("java      " + Runtime.version());
    }

    @Test
    void lines_ofABuildThatSaysLess_leaveItOut() {
        ProgramVersion version = new ProgramVersion(
                of(Map.of("version", "1.2.3", "commit", "")),
                new Properties(),
                Map.of("PYTORCH_LIBRARY_PATH", "/torch"));
        assertThat(version.lines()).startsWith("preceptor 1.2.3").endsWith("libtorch  of PYTORCH_LIBRARY_PATH, /torch");
        assertThat(new ProgramVersion(new Properties(), new Properties(), Map.of()).lines())
                .startsWith("preceptor development")
                .endsWith("libtorch  none on the class path");
    }

    @Test
    void run_version_isPrinted() {
        for (String word : new String[] {"version", "--version", "-V"}) {
            CommandRun run = CommandRun.exactly(word);
            assertThat(run.code()).isEqualTo(ExitCode.DONE);
            assertThat(run.out()).startsWith("preceptor ").contains("\nlibtorch  ");
        }
    }

    private static Properties of(Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        return properties;
    }
}
