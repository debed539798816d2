package ai.preceptor.bench;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.decoder.DecoderWeights;
import ai.preceptor.lm.decoder.RotaryAngles;
import ai.preceptor.lm.engine.vector.VectorModel;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.vector.DecodeModel;
import ai.preceptor.vector.DecodeStep;
import ai.preceptor.vector.Drawing;
import ai.preceptor.vector.KeyValueBlocks;
import ai.preceptor.vector.LogitEdit;
import ai.preceptor.vector.StepRow;
import ai.preceptor.vector.StepTime;
import ai.preceptor.vector.Team;
import ai.preceptor.vector.WeightType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToLongFunction;

/**
 * The parts of decode steps in Java by type of weights and number of rows, medians in milliseconds, and what laying out the weights takes,
 * as at each publication. One JSON line for each. Libtorch's parts: {@link GenerationBench} with {@code profile}.
 *
 * <pre>
 * java -cp ... ai.preceptor.bench.StepPartsBench model=DIR [rows=1,8,16,32,64] [types=float32,bfloat16,int8] [keys=160] [steps=30]
 *     [threads=0]
 * </pre>
 */
public final class StepPartsBench {
    private static final int WARM = 20;
    private static final double MILLI = 1e-6;

    private final LanguageModel model;
    private final Torch torch;
    private final int keys;
    private final int steps;

    private StepPartsBench(LanguageModel model, Torch torch, int keys, int steps) {
        this.model = model;
        this.torch = torch;
        this.keys = keys;
        this.steps = steps;
    }

    /** Runs the benchmark. */
    public static void main(String[] words) {
        Arguments arguments = new Arguments(words);
        int[] rows = Arrays.stream(arguments.text("rows", "1,8,16,32,64").split(",", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        try (Torch torch = Torch.open("cpu", arguments.number("threads", 0));
                LanguageModel model = LanguageModel.load(torch, Path.of(arguments.text("model")), LoadOptions.FROZEN)) {
            StepPartsBench bench =
                    new StepPartsBench(model, torch, arguments.number("keys", 160), arguments.number("steps", 30));
            for (String type : arguments.text("types", "float32,bfloat16,int8").split(",", -1)) {
                bench.measure(WeightType.valueOf(type.toUpperCase(Locale.ROOT)), rows);
            }
        }
    }

    private void measure(WeightType type, int[] rows) {
        VectorModel reader = new VectorModel(torch, model.config(), type);
        reader.warmUp();
        try (Team team = new Team(torch.threads());
                Scope scope = torch.scope()) {
            DecoderWeights weights = DecoderWeights.merged(model.decoder(), scope);
            NDArray[] tables = new RotaryAngles(model.config()).growing(scope, keys + 1);
            List<Double> layouts = new ArrayList<>();
            DecodeModel read = null;
            for (int i = 0; i < 4; i++) {
                long began = System.nanoTime();
                read = reader.read(
                        team,
                        weights,
                        model.head().compute(),
                        tables,
                        model.decoder().plan());
                layouts.add((System.nanoTime() - began) * MILLI);
            }
            for (int n : rows) {
                List<StepTime> times = times(read, team, n);
                System.out.printf(
                        Locale.ROOT,
                        "{\"run\": \"step-parts\", \"rollout_dtype\": \"%s\", \"rows\": %d, \"products_ms\": %.2f,"
                                + " \"attention_ms\": %.2f, \"other_ms\": %.2f, \"draw_ms\": %.2f, \"layout_ms\": %.0f}%n",
                        type.name().toLowerCase(Locale.ROOT),
                        n,
                        median(times, StepTime::products),
                        median(times, StepTime::attention),
                        median(times, StepTime::other),
                        median(times, StepTime::draw),
                        Medians.steady(layouts, 1));
            }
        }
    }

    private List<StepTime> times(DecodeModel read, Team team, int n) {
        int blocks = keys / KeyValueBlocks.COLUMNS + 1;
        KeyValueBlocks store = new KeyValueBlocks(
                model.config().layers(),
                model.config().kvHeads(),
                model.config().headDim(),
                n * blocks);
        Random random = new Random(n);
        List<StepRow> rows = new ArrayList<>();
        List<Drawing> how = new ArrayList<>();
        for (int row = 0; row < n; row++) {
            int[] own = new int[blocks];
            for (int b = 0; b < blocks; b++) {
                own[b] = row * blocks + b;
                store.clear(own[b]);
            }
            rows.add(new StepRow(keys, new int[0], own, 0));
            how.add(new Drawing(
                    false, 1, 0, 1, Float.NEGATIVE_INFINITY, random.nextDouble(), LogitEdit.NONE, false, 0));
        }
        DecodeStep step = new DecodeStep(read, store, team);
        float[] embedded = new float[n * step.width()];
        for (int i = 0; i < embedded.length; i++) {
            embedded[i] = (float) random.nextGaussian();
        }
        List<StepTime> times = new ArrayList<>();
        for (int i = 0; i < WARM + steps; i++) {
            StepTime before = step.time();
            step.draw(step.logits(embedded, rows), how);
            if (i >= WARM) {
                times.add(step.time().since(before));
            }
        }
        return times;
    }

    private static double median(List<StepTime> times, ToLongFunction<StepTime> part) {
        return Medians.of(
                times.stream().map(time -> part.applyAsLong(time) * MILLI).toList());
    }
}
