package ai.preceptor.lm.generate;

import ai.preceptor.lm.DecoderWeights;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.Precision;
import ai.preceptor.lm.torch.Torch;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
        int capacity = promptTokens + options.maxNewTokens();
        double[] steps = new double[options.maxNewTokens() - 1];
        double[] processor = new double[steps.length];
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        try (DecodeEngine engine = new DecodeEngine(weights, rows, capacity, 512)) {
            engine.submit(samples);
            for (int i = 0; i < steps.length; i++) {
                long start = System.nanoTime();
                long busy = thread.getCurrentThreadCpuTime();
                engine.step();
                processor[i] = (thread.getCurrentThreadCpuTime() - busy) / 1e6;
                steps[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        double first = steps[0];
        double firstBusy = processor[0];
        Arrays.sort(steps);
        Arrays.sort(processor);
        System.out.printf(
                Locale.ROOT,
                "%s, %d rows, prompts of %d, temperature %.1f top-p %.1f top-k %d: prefill and step %.1f ms, then best"
                        + " %.2f ms, median %.2f ms a step; this thread's processor time %.1f, then best %.2f, median %.2f ms%n",
                weights.precision(),
                rows,
                promptTokens,
                options.temperature(),
                options.topP(),
                options.topK(),
                first,
                steps[0],
                steps[steps.length / 2],
                firstBusy,
                processor[0],
                processor[steps.length / 2]);
    }
}
