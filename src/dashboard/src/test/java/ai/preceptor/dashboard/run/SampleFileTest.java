package ai.preceptor.dashboard.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleFileTest {
    @TempDir
    Path directory;

    private RunFiles files;

    @BeforeEach
    void run() throws IOException {
        files = RunFiles.make(directory, "seed: 1\n");
    }

    @Test
    void latestStep_isThatOfTheLastWholeLine() throws IOException {
        samples(1, 3).append("samples.jsonl", "{\"step\":4,\"prompt\":\"to");

        ObjectNode page = page(null, 0, 10);

        assertThat(page.path("step").intValue()).isEqualTo(3);
        assertThat(page.path("count").intValue()).isEqualTo(4);
        assertThat(page.path("previous").intValue()).isEqualTo(2);
        assertThat(page.has("next")).isFalse();
        assertThat(page.path("samples")).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 499, 500, 999, 1000})
    void step_isFoundInALargeFile(int step) throws IOException {
        samples(1, 1000);

        ObjectNode page = page(step, 1, 2);

        assertThat(page.path("samples")).hasSize(2);
        for (JsonNode sample : page.path("samples")) {
            assertThat(sample.path("step").intValue()).isEqualTo(step);
        }
        assertThat(page.path("samples").path(0).path("completion").textValue()).isEqualTo("answer 1");
        assertThat(page.path("previous").intValue()).isEqualTo(step - 1);
        assertThat(page.path("next").asInt(1001)).isEqualTo(step + 1);
    }

    @Test
    void stepWithoutSamples_isEmpty_andSaysItsNeighbours() throws IOException {
        samples(1, 2);
        samples(5, 6);

        ObjectNode page = page(3, 0, 10);

        assertThat(page.path("samples")).isEmpty();
        assertThat(page.path("previous").intValue()).isEqualTo(2);
        assertThat(page.path("next").intValue()).isEqualTo(5);
    }

    @Test
    void longTexts_areCut_andOtherFieldsLeftOut() throws IOException {
        files.append(
                "samples.jsonl",
                "{\"step\":1,\"prompt\":\"p\",\"completion\":\"" + "y".repeat(50_000)
                        + "\",\"token_ids\":[1],\"score\":null}\n");

        JsonNode sample = page(null, 0, 1).path("samples").path(0);

        assertThat(sample.path("completion").textValue()).hasSize(20_001).endsWith("…");
        assertThat(sample.has("token_ids")).isFalse();
        assertThat(sample.has("score")).isFalse();
    }

    @Test
    void stepThatIsTooLarge_isCut_andSaysSo() throws IOException {
        samples(1, 1);
        for (int i = 0; i < 300; i++) {
            files.append("samples.jsonl", "{\"step\":2,\"completion\":\"" + "y".repeat(20_000) + "\"}\n");
        }
        samples(3, 3);

        ObjectNode page = page(2, 0, 10);

        assertThat(page.path("cut").booleanValue()).isTrue();
        assertThat(page.path("samples")).hasSize(10);
        assertThat(page.path("count").intValue()).isBetween(200, 299);
        assertThat(page.path("next").intValue()).isEqualTo(3);
        assertThat(page(1, 0, 10).path("cut").booleanValue()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 3 << 20})
    void lineThatIsTooLong_isLeftOut_andThePageSaysSo(int length) throws IOException {
        samples(1, 2);
        files.append("samples.jsonl", "{\"step\":3,\"completion\":\"" + "y".repeat(length) + "\"}\n");

        ObjectNode last = page(null, 0, 10);
        assertThat(last.path("step").intValue()).isEqualTo(3);
        assertThat(last.path("samples")).isEmpty();
        assertThat(last.path("cut").booleanValue()).isTrue();
        assertThat(last.path("previous").intValue()).isEqualTo(2);

        samples(3, 9);
        assertThat(page(3, 0, 10).path("samples")).hasSize(4);
        assertThat(page(3, 0, 10).path("cut").booleanValue()).isTrue();
        for (int step : new int[] {1, 2, 4, 9}) {
            ObjectNode page = page(step, 0, 10);
            assertThat(page.path("samples")).hasSize(4);
            assertThat(page.path("samples").path(0).path("step").intValue()).isEqualTo(step);
            assertThat(page.path("cut").booleanValue()).isFalse();
        }
    }

    @Test
    void noFile_isAnEmptyPage() throws IOException {
        assertThat(page(null, 0, 10).path("samples")).isEmpty();
    }

    private RunFiles samples(int first, int last) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int step = first; step <= last; step++) {
            for (int i = 0; i < 4; i++) {
                lines.append("{\"step\":%d,\"group\":0,\"prompt\":\"%s\",\"completion\":\"answer %d\",\"score\":1}\n"
                        .formatted(step, "p".repeat(step % 90), i));
            }
        }
        return files.append("samples.jsonl", lines.toString());
    }

    private ObjectNode page(Integer step, int from, int count) throws IOException {
        return SampleFile.page(new RunFolder("x", directory), step, from, count);
    }
}
