package ai.preceptor.bench;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.engine.EngineSession;
import ai.preceptor.lm.engine.EngineStatistics;
import ai.preceptor.lm.engine.GenerationEvent;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.vector.WeightType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Times steps of decoding by what computes them and by the number of rows, alternated, and what opening a session takes; the median
 * of the rounds. One JSON line for each.
 *
 * <pre>
 * java -cp ... ai.preceptor.bench.DecodeBench model=DIR [dtype=float32] [rows=1,8,16,32,64] [types=none,float32,bfloat16,int8]
 *     [prompt=96] [tokens=33] [rounds=3] [threads=0]
 * </pre>
 */
public final class DecodeBench {
    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final int prompt;
    private final int tokens;

    private DecodeBench(LanguageModel model, Tokenizer tokenizer, int prompt, int tokens) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.prompt = prompt;
        this.tokens = tokens;
    }

    /** Runs the benchmark. */
    public static void main(String[] words) {
        Arguments arguments = new Arguments(words);
        Path directory = Path.of(arguments.text("model"));
        Precision precision =
                Precision.valueOf(arguments.text("dtype", "float32").toUpperCase(Locale.ROOT));
        List<DecodeSettings> kinds = Arrays.stream(
                        arguments.text("types", "none,float32,bfloat16,int8").split(",", -1))
                .map(DecodeBench::kind)
                .toList();
        int[] rows = Arrays.stream(arguments.text("rows", "1,8,16,32,64").split(",", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        try (Torch torch = Torch.open("cpu", arguments.number("threads", 0));
                Tokenizer tokenizer = Tokenizer.load(directory);
                LanguageModel model = LanguageModel.load(torch, directory, new LoadOptions(precision, false))) {
            DecodeBench bench =
                    new DecodeBench(model, tokenizer, arguments.number("prompt", 96), arguments.number("tokens", 33));
            for (int count : rows) {
                bench.compare(count, kinds, arguments.number("rounds", 3));
            }
        }
    }

    private static DecodeSettings kind(String name) {
        return name.equals("none")
                ? DecodeSettings.TENSORS
                : new DecodeSettings(WeightType.valueOf(name.toUpperCase(Locale.ROOT)));
    }

    private void compare(int rows, List<DecodeSettings> kinds, int rounds) {
        List<List<double[]>> times = new ArrayList<>();
        kinds.forEach(kind -> times.add(new ArrayList<>()));
        for (int round = -1; round < rounds; round++) {
            for (int i = 0; i < kinds.size(); i++) {
                double[] taken = run(rows, kinds.get(i));
                if (round >= 0) { // the first is for Java to compile
                    times.get(i).add(taken);
                }
            }
        }
        for (int i = 0; i < kinds.size(); i++) {
            System.out.printf(
                    Locale.ROOT,
                    "{\"run\": \"decode\", \"rollout_dtype\": \"%s\", \"rows\": %d, \"ms_a_step\": %.2f, \"open_ms\": %.0f}%n",
                    String.valueOf(kinds.get(i).rolloutDtype()).toLowerCase(Locale.ROOT),
                    rows,
                    median(times.get(i), 0),
                    median(times.get(i), 1));
        }
    }

    private static double median(List<double[]> times, int place) {
        double[] sorted = times.stream().mapToDouble(one -> one[place]).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Milliseconds of a step, and of opening. */
    private double[] run(int rows, DecodeSettings kind) {
        GenerationLimits limits = GenerationLimits.DEFAULT.withMaxRows(rows).with(kind);
        Random random = new Random(rows);
        long began = System.nanoTime();
        try (EngineSession session = EngineSession.open(model, tokenizer, limits)) {
            double open = (System.nanoTime() - began) * 1e-6;
            SamplingOptions options = SamplingOptions.atTemperature(1, tokens, 1);
            for (int i = 0; i < rows; i++) {
                int[] ids = random.ints(prompt, 10, 1000).toArray();
                session.submit(new GenerationRequest(ids, 1, options.withSeed(i)));
            }
            while (!session.isIdle()) {
                for (GenerationEvent event : session.step()) {
                    if (event instanceof GenerationEvent.Failed failed) {
                        throw failed.cause();
                    }
                }
            }
            EngineStatistics done = session.statistics();
            return new double[] {done.decodeNanos() * 1e-6 / Math.max(1, done.decodeSteps()), open};
        }
    }
}
