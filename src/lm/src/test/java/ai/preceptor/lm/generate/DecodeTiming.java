package ai.preceptor.lm.generate;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.DecoderWeights;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.Precision;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Times single decode steps: {@code DecodeTiming MODEL_DIR PRECISION ROWS PROMPT_TOKENS NEW_TOKENS THREADS}. The best step
 * tells what the code costs, the median what the machine gave.
 */
final class DecodeTiming {
    private DecodeTiming() {}

    public static void main(String[] arguments) {
        Precision precision = Precision.valueOf(arguments[1]);
        int rows = Integer.parseInt(arguments[2]);
        int promptTokens = Integer.parseInt(arguments[3]);
        int newTokens = Integer.parseInt(arguments[4]);
        SamplingOptions[] modes = {
            SamplingOptions.greedy(newTokens),
            SamplingOptions.unfiltered(newTokens, 1),
            new SamplingOptions(newTokens, 0.7, 0.9, 50, 0, 1, new int[0])
        };
        try (Torch torch = Torch.open("cpu", Integer.parseInt(arguments[5]));
                LanguageModel model =
                        LanguageModel.load(torch, Path.of(arguments[0]), new LoadOptions(precision, false))) {
            for (SamplingOptions mode : modes) {
                time(DecoderWeights.of(model), rows, promptTokens, mode);
            }
        }
    }

    private static void time(DecoderWeights weights, int rows, int promptTokens, SamplingOptions options) {
        Random random = new Random(1);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            int[] ids =
                    random.ints(promptTokens, 10, weights.config().vocabSize()).toArray();
            samples.add(new Sample(new QueuedPrompt(i, ids, 1), 0, options, new BitSet(), options.maxNewTokens()));
        }
        Timings steps = new Timings();
        Timings products = new Timings();
        try (DecodeEngine engine = new DecodeEngine(weights, rows, promptTokens + options.maxNewTokens(), 512)) {
            engine.submit(samples);
            Timings prefill = new Timings();
            prefill.time(engine::step);
            for (int i = 2; i < options.maxNewTokens(); i++) {
                steps.time(engine::step);
                products.time(() -> multiply(weights, rows));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d rows, prompts of %d, temperature %.1f top-p %.1f top-k %d%n"
                            + "  prefill and a step: %s%n  a step: %s%n  its matrix products alone: %s%n",
                    weights.precision(),
                    rows,
                    promptTokens,
                    options.temperature(),
                    options.topP(),
                    options.topK(),
                    prefill,
                    steps,
                    products);
        }
    }

    /** The matrix products of a step and nothing else: the floor under any code that reads all weights once. */
    private static void multiply(DecoderWeights weights, int rows) {
        List<NDArray> matrices = new ArrayList<>(weights.projections());
        matrices.add(weights.head());
        try (Scope scope = weights.torch().scope()) {
            NDArray none = scope.zeros(0);
            for (NDArray matrix : matrices) {
                NDArray x = weights.torch().kernels().call(scope, "cache_room", matrix, new long[] {
                    rows, matrix.getShape().get(1)
                });
                weights.torch().kernels().call(scope, "project", x, new NDArray[] {matrix}, new NDArray[] {none}, 0);
            }
        }
    }

    /** Milliseconds by the clock and of this thread's processor time. */
    private static final class Timings {
        private final ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        private final List<Double> clock = new ArrayList<>();
        private final List<Double> processor = new ArrayList<>();

        void time(Runnable work) {
            long start = System.nanoTime();
            long busy = thread.getCurrentThreadCpuTime();
            work.run();
            processor.add((thread.getCurrentThreadCpuTime() - busy) / 1e6);
            clock.add((System.nanoTime() - start) / 1e6);
        }

        @Override
        public String toString() {
            return "clock " + summary(clock) + ", this thread's processor time " + summary(processor);
        }

        private static String summary(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            return String.format(Locale.ROOT, "best %.1f median %.1f ms", sorted.get(0), sorted.get(sorted.size() / 2));
        }
    }
}
