package ai.preceptor.cli.command.tool;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.formats.io.ModelJson;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
    private static final String[] GPU = {"gpu_memory=1", "gpu_peak=1", "gpu_bandwidth=100"};

    @TempDir
    Path directory;

    @Test
    void configurationAlone_isEnough() throws IOException {
        Path model = Files.createDirectory(directory.resolve("model"));
        Files.copy(Golden.dir("models/llama").resolve("config.json"), model.resolve("config.json"));
        Path output = directory.resolve("plan.json");
        CommandRun run = CommandRun.of(
                "doctor",
                "plan",
                "model=" + model,
                "method=policy",
                "gpus=2",
                GPU[0],
                GPU[1],
                GPU[2],
                "gradient_accumulation_steps=2",
                "output=" + output);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out())
                .contains("model: 151,872 parameters, policy in float32; 4,608 tokens a step\n")
                .containsPattern("full, divide_optimizer, learners=2 .* yes +[0-9.]+\n")
                .doesNotContain("have none");
        JsonNode rows = ModelJson.read(output).path("rows");
        assertThat(rows).hasSize(8);
        // Eight answers of 256 tokens to one prompt of 256, twice: 512 bytes of keys and values a token.
        assertThat(rows.path(0).path("bytes").path("kv_cache").asLong()).isEqualTo(512 * 4_608);
    }

    @Test
    void learnersWithoutAMicroBatch_areNamed() {
        CommandRun run = CommandRun.of(
                "plan", "model=" + Golden.dir("models/llama"), "method=sft", "gpus=4", GPU[0], GPU[1], GPU[2]);
        assertThat(run.out()).contains("gradient_accumulation_steps=1: learners take whole micro-batches, so 3 of 4");
    }

    @Test
    void missingFigures_andThoseThatDoNotApply_areRefused() {
        String model = "model=" + Golden.dir("models/llama");
        CommandRun run = CommandRun.of("plan", model, "method=rank", "gpus=1", GPU[0], "dtype=bfloat16");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("gpu_peak: expected a number with gpus=1, found none")
                .contains("gpu_bandwidth: expected a number with gpus=1, found none")
                .contains("gpu_peak_float32: expected a number, since forward passes are in float32");
        run = CommandRun.of("plan", model, "method=sft", "critic=true", GPU[0]);
        assertThat(run.err())
                .contains("gpu_memory: expected none with gpus=0, found 1.0")
                .contains("critic: expected false with a method other than policy, found true");
    }
}
