package ai.preceptor.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Steps of a tiny model, until Java has compiled what a step calls. Uncompiled, a step of a large model takes seconds; what is compiled in
 * the meantime serves it at once.
 */
public final class WarmUp {
    /** Each kernel is called often enough to be compiled, in less than a second. */
    private static final int STEPS = 400;

    private static final int SIZE = 64;
    private static final int INNER = 128;
    private static final int VOCABULARY = 512;

    private WarmUp() {}

    /**
     * Warms up in a thread of its own. Once the code is compiled, that takes some milliseconds.
     *
     * @param activation of the model that follows
     */
    public static void start(WeightType type, Activation activation) {
        Thread thread = new Thread(() -> run(type, activation, STEPS), "decode-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes so many steps of 8 rows and of 1. */
    static void run(WeightType type, Activation activation, int steps) {
        KeyValueBlocks store = new KeyValueBlocks(1, 1, SIZE, PackedMatrix.BLOCK);
        List<StepRow> rows = new ArrayList<>();
        List<Drawing> how = new ArrayList<>();
        for (int row = 0; row < PackedMatrix.BLOCK; row++) {
            store.clear(row);
            rows.add(new StepRow(SIZE / 2, new int[0], new int[] {row}, 0));
            double uniform = (row + 1.0) / (PackedMatrix.BLOCK + 1);
            how.add(new Drawing(false, 1, 0, 1, Float.NEGATIVE_INFINITY, uniform, LogitEdit.NONE, false, 0));
        }
        float[] embedded = new float[PackedMatrix.BLOCK * SIZE];
        Arrays.fill(embedded, 1);
        try (Team team = new Team(1)) {
            DecodeStep step = new DecodeStep(model(type, activation), store, team);
            for (int i = 0; i < steps; i++) {
                int n = i % 2 == 0 ? rows.size() : 1;
                step.draw(step.logits(embedded, rows.subList(0, n)), how.subList(0, n));
            }
        }
    }

    private static DecodeModel model(WeightType type, Activation activation) {
        float[] ones = new float[SIZE];
        Arrays.fill(ones, 1);
        Norm norm = new Norm(ones, new float[0], false, 1e-5);
        Norm none = new Norm(new float[0], new float[0], false, 0);
        DecodeModel.Layer layer = new DecodeModel.Layer(
                new DecodeModel.Matrices(
                        linear(type, 5 * SIZE, SIZE),
                        linear(type, SIZE, 3 * SIZE),
                        linear(type, 2 * INNER, SIZE),
                        linear(type, SIZE, INNER)),
                new DecodeModel.Norms(norm, none, none, none, norm, none),
                0,
                false,
                0.1f);
        return new DecodeModel(
                new DecodeModel.Sizes(SIZE, 3, 1, SIZE, 0, false, true, activation, 0),
                List.of(layer),
                norm,
                linear(type, VOCABULARY, SIZE).matrix(),
                List.of(new RotaryTable(new float[SIZE * SIZE], new float[SIZE * SIZE], SIZE / 2)));
    }

    /** Some weights: row i is i mod 7 - 3 everywhere. */
    private static Linear linear(WeightType type, int outputs, int inputs) {
        return new Linear(
                PackedMatrix.of(type, outputs, inputs, (output, row) -> Arrays.fill(row, 0, inputs, output % 7 - 3f)),
                new float[0]);
    }
}
