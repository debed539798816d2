package ai.preceptor.bench;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.engine.EngineSession;
import ai.preceptor.lm.engine.EngineStatistics;
import ai.preceptor.lm.engine.GenerationEvent;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.vector.WeightType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Answers real prompts to their natural ends and prints one JSON line: useful tokens a second, how much of the time the device
 * was computing, and how many rows a step had.
 *
 * <pre>
 * ./mvnw -q -Pbench -pl src/bench -am package -DskipTests
 * java -cp ... ai.preceptor.bench.GenerationBench model=DIR data=PROMPTS.jsonl.gz [rows=64] [samples=1] [max_new_tokens=256]
 *     [dtype=bfloat16] [temperature=0] [batch=64] [threads=0] [profile=FILE.json]
 *     [rollout_dtype=] [repeat=1]
 * </pre>
 */
public final class GenerationBench {
    private GenerationBench() {}

    /** Runs the benchmark. */
    public static void main(String[] words) {
        Arguments arguments = new Arguments(words);
        Path directory = Path.of(arguments.text("model"));
        Precision precision =
                Precision.valueOf(arguments.text("dtype", "bfloat16").toUpperCase(Locale.ROOT));
        List<Prompt> prompts = Datasets.prompts(
                        Path.of(arguments.text("data")), arguments.number("rows", 64), OnBadRow.FAIL)
                .rows();
        double temperature = Double.parseDouble(arguments.text("temperature", "0"));
        int most = arguments.number("max_new_tokens", 256);
        SamplingOptions options = SamplingOptions.atTemperature(temperature, most, 1);
        String type = arguments.text("rollout_dtype", "");
        DecodeSettings mode = type.isEmpty()
                ? DecodeSettings.TENSORS
                : new DecodeSettings(WeightType.valueOf(type.toUpperCase(Locale.ROOT)));
        GenerationLimits limits = GenerationLimits.DEFAULT
                .withMaxRows(arguments.number("batch", 64))
                .with(mode);
        try (Torch torch = Torch.open("cpu", arguments.number("threads", 0));
                Tokenizer tokenizer = Tokenizer.load(directory);
                LanguageModel model = LanguageModel.load(torch, directory, new LoadOptions(precision, false))) {
            TemplateEncoder encoder = TemplateEncoder.load(directory, tokenizer, Boundary.REFUSE);
            List<int[]> ids = prompts.stream().map(encoder::prompt).toList();
            Runnable run = () -> {
                long began = System.nanoTime();
                try (EngineSession session = EngineSession.open(model, tokenizer, limits)) {
                    for (int i = 0; i < ids.size(); i++) {
                        session.submit(
                                new GenerationRequest(ids.get(i), arguments.number("samples", 1), options.withSeed(i)));
                    }
                    report(session, began, precision, mode);
                }
            };
            String profile = arguments.text("profile", "");
            if (profile.isEmpty()) {
                for (int i = 0; i < arguments.number("repeat", 1); i++) {
                    run.run();
                }
            } else {
                OperatorProfile.record(Path.of(profile), run).print(System.out);
            }
        }
    }

    private static void report(EngineSession session, long began, Precision precision, DecodeSettings mode) {
        long tokens = 0;
        while (!session.isIdle()) {
            for (GenerationEvent event : session.step()) {
                if (event instanceof GenerationEvent.Finished finished) {
                    tokens += finished.result().completion().length();
                } else if (event instanceof GenerationEvent.Failed failed) {
                    throw failed.cause();
                }
            }
        }
        double seconds = (System.nanoTime() - began) * 1e-9;
        EngineStatistics done = session.statistics();
        System.out.printf(
                Locale.ROOT,
                "{\"run\": \"preceptor-generate\", \"dtype\": \"%s\", \"rollout_dtype\": \"%s\", \"new_tokens\": %d, \"seconds\": %.2f, "
                        + "\"useful_tokens_per_s\": %.1f, \"decode_steps\": %d, \"rows_a_step\": %.1f, "
                        + "\"ms_a_step\": %.1f, \"prefill_seconds\": %.2f, \"overhead\": %.4f, "
                        + "\"peak_rss_mib\": %d}%n",
                precision.name().toLowerCase(Locale.ROOT),
                String.valueOf(mode.rolloutDtype()).toLowerCase(Locale.ROOT),
                tokens,
                seconds,
                tokens / seconds,
                done.decodeSteps(),
                (double) done.decodedRows() / Math.max(1, done.decodeSteps()),
                done.decodeNanos() * 1e-6 / Math.max(1, done.decodeSteps()),
                done.prefillNanos() * 1e-9,
                done.overhead(),
                ProcessMemory.peakMib(ProcessHandle.current().pid()));
    }
}
