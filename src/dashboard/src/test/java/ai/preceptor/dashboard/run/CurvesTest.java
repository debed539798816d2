package ai.preceptor.dashboard.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code metrics.jsonl}, read while it grows. */
class CurvesTest {
    private static final long ALL = Long.MAX_VALUE / 2;

    @TempDir
    Path directory;

    private RunFiles files;
    private Curves curves;

    @BeforeEach
    void run() throws IOException {
        files = RunFiles.make(directory, "seed: 1\n");
        curves = new Curves(new RunFolder("x", directory));
    }

    @Test
    void tornLine_isReadWhenItIsWhole() throws IOException {
        files.steps(1, 2).append("metrics.jsonl", "{\"step\":3,\"rew");
        assertThat(steps()).containsExactly(1, 2);
        assertThat(steps()).containsExactly(1, 2);

        files.append("metrics.jsonl", "ard\":0.3}\n");

        assertThat(steps()).containsExactly(1, 2, 3);
        assertThat(curves.badLines()).isZero();
    }

    @Test
    void linesThatAreNoRows_areCounted() throws IOException {
        files.append("metrics.jsonl", "no JSON\n[1]\n{\"reward\":1}\n{\"step\":\"2\"}\n\n")
                .steps(5, 5);

        assertThat(steps()).containsExactly(5);
        assertThat(curves.badLines()).isEqualTo(4);
    }

    @Test
    void valuesThatAreNoNumbers_areLeftOut() throws IOException {
        files.append("metrics.jsonl", "{\"step\":1,\"reward\":\"NaN\",\"loss\":1e999,\"note\":{\"a\":1}}\n")
                .steps(2, 2);

        assertThat(steps()).containsExactly(2);
        assertThat(curves.names()).contains("reward", "loss").doesNotContain("note", "step");
    }

    @Test
    void resumedRun_thatCutItsLog_isReadAgain() throws IOException {
        files.steps(1, 10);
        assertThat(steps()).hasSize(10);
        Files.delete(directory.resolve("metrics.jsonl"));
        files.steps(1, 6);
        assertThat(steps()).hasSize(6);

        Files.delete(directory.resolve("metrics.jsonl"));
        files.append("metrics.jsonl", "{\"step\":1,\"reward\":9,\"other\":0}\n").steps(2, 30);

        assertThat(steps()).hasSize(30);
        assertThat(curves.part("reward", 100, 0, 0, 0).orElseThrow().mean()[0]).isEqualTo(9);
    }

    @Test
    void lineThatIsTooLong_isPassedOver() throws IOException {
        files.steps(1, 1)
                .append("metrics.jsonl", "{\"step\":2,\"x\":\"" + "x".repeat(3 << 20) + "\"}\n")
                .steps(3, 3);

        assertThat(steps()).containsExactly(1, 3);
    }

    @Test
    void largeFile_isReadInParts() throws IOException {
        files.steps(1, 20_000);

        assertThat(curves.readOn(1 << 18)).isTrue();
        int first = curves.part("reward", 2048, 0, 0, 0).orElseThrow().step().length;
        assertThat(first).isPositive();
        while (curves.readOn(1 << 18)) {
            // until its end
        }

        int[] steps = curves.part("reward", 2048, 0, 0, 0).orElseThrow().step();
        assertThat(steps[steps.length - 1]).isEqualTo(20_000);
    }

    @Test
    void readerOfTheFileAsItWas_getsAllOfTheCurve() throws IOException {
        files.steps(1, 100);
        assertThat(steps()).hasSize(100);
        CurvePart old = curves.part("reward", 2048, 0, 0, 0).orElseThrow();
        assertThat(curves.part("reward", 2048, 99, 1, old.generation())
                        .orElseThrow()
                        .step())
                .containsExactly(100);

        Files.delete(directory.resolve("metrics.jsonl")); // a killed run goes on from step 60
        files.steps(1, 60).steps(62, 63);
        assertThat(steps()).hasSize(62);

        CurvePart part = curves.part("reward", 2048, 99, 1, old.generation()).orElseThrow();
        assertThat(part.generation()).isNotEqualTo(old.generation());
        assertThat(part.from()).isZero();
        assertThat(part.step()).hasSize(62);
    }

    @Test
    void largeFile_saysThatThereIsMore() throws IOException {
        files.steps(1, 20_000);

        curves.readOn(1 << 18);
        assertThat(curves.hasMore()).isTrue();
        curves.readOn(ALL);
        assertThat(curves.hasMore()).isFalse();
    }

    private int[] steps() throws IOException {
        curves.readOn(ALL);
        return curves.part("reward", 2048, 0, 0, 0).orElseThrow().step();
    }
}
