package ai.preceptor.bench;

import ai.preceptor.lm.MatmulSpeeds;
import ai.preceptor.lm.torch.Libtorch;
import ai.preceptor.lm.torch.Torch;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a device computes, and how fast: the tiny models of all families against transformers' numbers, the quickstart, DPO,
 * PPO and generation, and beside them PyTorch's own figures for the same model and work where a Python with torch and transformers
 * is at hand. {@code src/bench/cuda-check} runs it.
 *
 * <pre>
 * DeviceCheck device=cuda:0 output=FILE.json work=EMPTY_DIR [model=DIR] [python=python3] [dtype=bfloat16]
 * </pre>
 *
 * <p>Without {@code model} the embedded student is measured. One part that fails does not keep the others from running; the
 * program then ends with 1.
 */
public final class DeviceCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GOLDEN = "src/testkit/src/main/resources/ai/preceptor/testkit/golden/models";
    private static final int STEPS = 8;
    private static final int WARM_UP = 3;
    private static final int NEW_TOKENS = 64;
    private static final int PROMPTS = 32;

    private final String device;
    private final String dtype;
    private final String python;
    private final Path work;
    private final ObjectNode report = JSON.createObjectNode();
    private boolean failed;

    private DeviceCheck(Arguments arguments) {
        device = arguments.text("device");
        dtype = arguments.text("dtype", "bfloat16");
        python = arguments.text("python", "python3");
        work = Path.of(arguments.text("work")).toAbsolutePath();
    }

    /** Runs the check. */
    public static void main(String[] words) throws IOException {
        Arguments arguments = new Arguments(words);
        DeviceCheck check = new DeviceCheck(arguments);
        Path output = Path.of(arguments.text("output"));
        check.report
                .put("time", Instant.now().toString())
                .put("device", check.device)
                .put("dtype", check.dtype);
        check.part("libtorch", check::libtorch);
        check.part("golden", check::golden);
        check.part("quickstart", check::quickstart);
        check.training(arguments.text("model", "embedded:student"));
        JSON.writerWithDefaultPrettyPrinter().writeValue(output.toFile(), check.report);
        System.out.println(output);
        System.exit(check.failed ? 1 : 0);
    }

    /** Work that adds its figures to a node. */
    private interface Part {
        void run(ObjectNode node) throws IOException, InterruptedException;
    }

    private void part(String name, Part part) {
        ObjectNode node = report.putObject(name);
        long start = System.nanoTime();
        try {
            part.run(node);
            node.put("status", "passed");
        } catch (IOException | InterruptedException | RuntimeException e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            failed = true;
            node.put("status", "failed").put("reason", String.valueOf(e.getMessage()));
        }
        node.put("seconds", (System.nanoTime() - start) * 1e-9);
        System.err.println(name + ": " + node.get("status").asText()
                + (node.has("reason") ? " (" + node.get("reason").asText() + ")" : ""));
    }

    private void libtorch(ObjectNode node) {
        try (Torch torch = Torch.open(device, 0)) {
            node.put("version", Libtorch.loaded());
            torch.memoryBytes().ifPresent(bytes -> node.put("memory_bytes", bytes));
            MatmulSpeeds speeds = MatmulSpeeds.measure(torch, Duration.ofMillis(500));
            node.put("float32_gflops", speeds.float32() * 1e-9).put("bfloat16_gflops", speeds.bfloat16() * 1e-9);
        }
    }

    private void golden(ObjectNode node) throws IOException {
        SortedMap<String, Double> largest = new TreeMap<>();
        try (Torch torch = Torch.open(device, 0)) {
            largest.putAll(GoldenComparison.largestDifferences(torch, Path.of(GOLDEN)));
        }
        if (largest.isEmpty()) {
            throw new IllegalStateException("no models in " + GOLDEN);
        }
        node.put("tolerance", GoldenComparison.TOLERANCE);
        largest.forEach(node.putObject("largest_difference")::put);
        largest.values().removeIf(difference -> difference < GoldenComparison.TOLERANCE);
        if (!largest.isEmpty()) {
            throw new IllegalStateException("beyond the tolerance: " + largest);
        }
    }

    private void quickstart(ObjectNode node) throws IOException, InterruptedException {
        preceptor("run", "configs/quickstart.yaml", "device=" + device, "output=" + work.resolve("quickstart"));
        node.set(
                "summary", JSON.readTree(work.resolve("quickstart/summary.json").toFile()));
    }

    private void training(String model) {
        Path pairs = work.resolve("quickstart/preferences/preferences.jsonl");
        Path directory = work.resolve("model");
        part("convert", node -> preceptor("convert", "model=" + model, "output=" + directory));
        List<String> common = List.of(
                "model=" + directory,
                "data=" + pairs,
                "device=" + device,
                "dtype=" + dtype,
                "max_steps=" + STEPS,
                "seed=1");
        part("dpo", node -> steps(node, "rank", common, "loss_type=sigmoid", "batch_size=8"));
        part(
                "ppo",
                node -> steps(
                        node,
                        "policy",
                        common,
                        "algorithm=ppo",
                        "rule=brevity",
                        "num_generations=4",
                        "batch_size=16",
                        "max_completion_length=" + NEW_TOKENS));
        part("generation", node -> generation(node, directory, pairs));
        part("pytorch", node -> pytorch(node, directory, pairs));
    }

    private void steps(ObjectNode node, String command, List<String> common, String... keys)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(common);
        words.addAll(Arrays.asList(keys));
        Path run = work.resolve(command);
        words.add("output=" + run);
        preceptor(words.toArray(String[]::new));
        List<Double> seconds = new ArrayList<>();
        JsonNode last = JSON.nullNode();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            JsonNode step = JSON.readTree(line);
            if (step.has("step_time")) {
                seconds.add(step.get("step_time").asDouble());
                last = step;
            }
        }
        node.put("step_seconds", Medians.steady(seconds, WARM_UP)).set("last_step", last);
    }

    private void generation(ObjectNode node, Path model, Path pairs) throws IOException, InterruptedException {
        Path answers = work.resolve("answers.jsonl");
        long start = System.nanoTime();
        preceptor(
                "generate",
                "model=" + model,
                "data=" + pairs,
                "max_rows=" + PROMPTS,
                "num_generations=8",
                "device=" + device,
                "dtype=" + dtype,
                "max_new_tokens=" + NEW_TOKENS,
                "output=" + answers);
        double seconds = (System.nanoTime() - start) * 1e-9;
        long tokens = 0;
        for (String line : Files.readAllLines(answers)) {
            for (JsonNode completion : JSON.readTree(line).get("completions")) {
                tokens += completion.get("token_ids").size();
            }
        }
        node.put("tokens", tokens).put("tokens_per_second_with_loading", tokens / seconds);
    }

    private void pytorch(ObjectNode node, Path model, Path pairs) throws IOException, InterruptedException {
        Path figures = work.resolve("pytorch.json");
        run(List.of(
                python,
                "src/bench/pytorch_figures.py",
                device,
                dtype,
                model.toString(),
                pairs.toString(),
                figures.toString()));
        node.setAll((ObjectNode) JSON.readTree(figures.toFile()));
    }

    private static void preceptor(String... words) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Path.of("preceptor").toAbsolutePath().toString()));
        command.addAll(Arrays.asList(words));
        run(command);
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        File log = File.createTempFile("device-check", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log)
                    .start();
            int code = process.waitFor();
            if (code != 0) {
                List<String> lines = Files.readAllLines(log.toPath(), StandardCharsets.UTF_8);
                throw new IllegalStateException(String.join(" ", command) + " ended with " + code + ": "
                        + String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size())));
            }
        } finally {
            Files.delete(log.toPath());
        }
    }
}
