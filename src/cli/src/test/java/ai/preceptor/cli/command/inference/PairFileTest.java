package ai.preceptor.cli.command.inference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.command.workers.Chunks;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.PairScoringConfig;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.testkit.Golden;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PairFileTest {
    private static final int HEAP_MIB = 64;
    private static final int ROWS = 320;
    private static final int ROW_CHARACTERS = 1 << 18;

    @TempDir
    private Path directory;

    /** 80 MiB of results. */
    @Test
    void write_moreThanTheHeapHolds_isWrittenAsItIsMade() throws Exception {
        Path pairs = Files.writeString(
                directory.resolve("pairs.jsonl"),
                "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\"}\n".repeat(ROWS));
        Path output = directory.resolve("scores.jsonl");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MIB + "m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Writer.class.getName(),
                        "model=" + Golden.dir("tiny-chat"),
                        "data=" + pairs,
                        "output=" + output)
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
            assertThat(said).contains(output + ": " + ROWS + " rows");
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.size(output)).isEqualTo(ROWS * (ROW_CHARACTERS + "{\"x\":\"\"}\n".length()));
        assertThat(directory).isDirectoryNotContaining("glob:**.aside");
    }

    /** Scores pairs without a model. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            PairScoringConfig keys = Settings.of(PairScoringConfig.class)
                    .arguments(List.of(arguments))
                    .read();
            Terminal terminal = new Terminal(System.out, System.err, false, 80);
            new PairFile(keys, terminal, "score", Boundary.MOVE)
                    .write(Chunks.here((chunk, pairs) -> pairs.stream()
                            .map(pair -> Map.<String, @Nullable Object>of("x", "y".repeat(ROW_CHARACTERS)))
                            .toList()));
        }
    }
}
