package ai.preceptor.cli.command.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

    /** 24 prompts: 6 s of sampling, 0.24 of scoring, 2 of learning, 1 to publish. Weights are 607,488 bytes, 0.1 s for each. */
    @Test
    void workers_areSimulated_withTheGivenTimes() {
        Path output = directory.resolve("plan.json");
        CommandRun run = CommandRun.of(
                "plan",
                "model=" + Golden.dir("models/llama"),
                "method=policy",
                "gradient_accumulation_steps=24",
                "gpus=1",
                GPU[0],
                GPU[1],
                GPU[2],
                "link_bandwidth=0.00607488",
                "workers=[1, 3, 64]",
                "sampling_time=6",
                "sampling_fixed_share=0",
                "scoring_time=0.24",
                "learning_time=2",
                "publication_time=1",
                "output=" + output);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out())
                .contains(
                        "Simulated: 24 prompts a step, max_staleness=0; 6.00 s of sampling, 0.240 of scoring, 2.00 of")
                .containsPattern("\n3 +5[.]36 +1[.]54 ");
        JsonNode workers = ModelJson.read(output).path("workers");
        assertThat(workers).extracting(row -> row.path("workers").asInt()).containsExactly(0, 1, 3, 64);
        // In turn, with one scorer; with two scorers, and 1.1 s to publish.
        assertThat(workers.path(0).path("step").asDouble()).isEqualTo(6 + 0.24 + 2, within(1e-9));
        assertThat(workers.path(1).path("step").asDouble()).isEqualTo(6 + 0.12 + 2 + 1.1, within(1e-9));
        // 24 prompts at once have 4 scorers, 6 each.
        assertThat(workers.path(2).path("step").asDouble()).isEqualTo(2 + 0.06 + 2 + 1.3, within(1e-9));
        // More workers than prompts: 24 sample one each, but 64 fetch the weights.
        assertThat(workers.path(3).path("step").asDouble()).isEqualTo(0.25 + 0.01 + 2 + 7.4, within(1e-9));
        assertThat(workers.path(3).path("generators").asDouble()).isEqualTo(24 * 0.25 / 64 / 9.66, within(1e-9));
    }

    @Test
    void workers_areSimulated_withTheTimesOfARun() throws IOException {
        Path old = Files.createDirectory(directory.resolve("old"));
        Files.writeString(old.resolve("metrics.jsonl"), """
                {"step": 1, "step_time": 90, "sampling_time": 80}
                {"step": 2, "step_time": 9, "sampling_time": 6, "publication_time": 0.5}
                {"step": 3, "step_time": 1}
                {"step": 4, "step_time": 8, "sampling_time": 6, "publication_time": 0.5}
                {"step": 5, "step_time": 2}
                """);
        Files.writeString(old.resolve("summary.json"), """
                {"actors": [{"stage": "generate", "actor": "worker-1", "busy_seconds": 15, "prompts": 60},
                            {"stage": "score", "actor": "scorer-0", "busy_seconds": 0.2, "prompts": 20},
                            {"stage": "score", "actor": "worker-1", "busy_seconds": 0.4, "prompts": 40}]}
                """);
        String[] plan = {
            "plan",
            "model=" + Golden.dir("models/llama"),
            "method=policy",
            "gradient_accumulation_steps=24",
            "gpus=1",
            GPU[0],
            GPU[1],
            GPU[2],
            "workers=[1]",
            "run=" + old
        };
        // A quarter of a second a prompt, a hundredth to score it; 20 - 12 - 1 seconds of learning in two batches.
        assertThat(CommandRun.of(plan).out())
                .contains("6.00 s of sampling, 0.240 of scoring, 3.50 of learning, 0.500 to publish");
        Files.writeString(old.resolve("metrics.jsonl"), "{\"step\": 1, \"step_time\": 9}\n");
        CommandRun run = CommandRun.of(plan);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("metrics.jsonl: expected two values of sampling_time or more", "found 0");
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
        run = CommandRun.of("plan", model, "method=policy", "batch_size=4", "workers=[1]");
        assertThat(run.err())
                .contains("gradient_accumulation_steps: expected enough for the 8 answers to a prompt, found 1");
        run = CommandRun.of("plan", model, "method=sft", "critic=true", GPU[0], "workers=[2]");
        assertThat(run.err())
                .contains("gpu_memory: expected none with gpus=0, found 1.0")
                .contains("workers: expected none with a method other than policy, found [2]")
                .contains("critic: expected false with a method other than policy, found true");
    }

    @Test
    void keysWithoutEffect_areRefused() {
        CommandRun run = CommandRun.of(
                "plan",
                "model=" + Golden.dir("models/llama"),
                "method=rank",
                "gpu_peak_float32=10",
                "run=" + directory,
                "sampling_time=5",
                "max_staleness=3",
                "cores=2");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("gpu_peak_float32: expected none with gpus=0, found 10.0")
                .contains("run: expected nothing without workers, found " + directory)
                .contains("sampling_time: expected nothing without workers, found 5.0")
                .contains("max_staleness: expected nothing without workers, found 3")
                .contains("cores: expected nothing without workers, found 2.0");
    }
}
