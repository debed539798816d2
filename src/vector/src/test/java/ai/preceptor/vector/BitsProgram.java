package ai.preceptor.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Prints the bits of some steps of a small model, for other Java machines to be compared with. */
final class BitsProgram {
    private static final int WIDTH = 36;
    private static final int SIZE = 12;
    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;
    private static final int INNER = 40;
    private static final int VOCABULARY = 75;
    private static final int LAYERS = 2;

    private final Random random = new Random(5);

    private BitsProgram() {}

    public static void main(String[] arguments) {
        System.out.println(VectorSupport.bits() + " " + bits());
    }

    /** A hash of logits and draws with every type of weights and activation. */
    static int bits() {
        int hash = 0;
        for (WeightType type : WeightType.values()) {
            for (Activation activation : Activation.values()) {
                hash = 31 * hash + new BitsProgram().hash(type, activation);
            }
        }
        return hash;
    }

    private int hash(WeightType type, Activation activation) {
        KeyValueBlocks store = new KeyValueBlocks(LAYERS, KV_HEADS, SIZE, 8);
        float[] keys = numbers(LAYERS * KV_HEADS * SIZE * 140, 1);
        float[] values = numbers(LAYERS * KV_HEADS * SIZE * 140, 1);
        for (int block = 0; block < 6; block++) {
            store.clear(block);
            store.store(block, keys, values, 140, block * 10, KeyValueBlocks.COLUMNS);
        }
        List<StepRow> rows = List.of(
                new StepRow(70, new int[0], new int[] {0, 1}, 0),
                new StepRow(75, new int[] {2, 3}, new int[] {4}, 70),
                new StepRow(5, new int[0], new int[] {5}, 0));
        try (Team team = new Team(2)) {
            DecodeStep step = new DecodeStep(model(type, activation), store, team);
            float[] logits = step.logits(numbers(rows.size() * WIDTH, 1), rows).clone();
            List<Drawing> how = List.of(
                    new Drawing(true, 1, 0, 1, Float.NEGATIVE_INFINITY, 0, LogitEdit.NONE, false, 3),
                    new Drawing(false, 1.3f, 0, 0.9f, -4, 0.4, LogitEdit.NONE, true, 0),
                    new Drawing(false, 1, 20, 1, Float.NEGATIVE_INFINITY, 0.7, LogitEdit.NONE, true, 0));
            List<Object> all = new ArrayList<>();
            for (Drawn drawn : step.draw(logits, how)) {
                all.add(List.of(
                        drawn.id(), drawn.logprob(), drawn.samplingLogprob(), Arrays.hashCode(drawn.support())));
            }
            int hash = all.hashCode();
            for (int row = 0; row < rows.size(); row++) {
                int from = row * logits.length / PackedMatrix.SMALL_BLOCK;
                hash = 31 * hash + Arrays.hashCode(Arrays.copyOfRange(logits, from, from + VOCABULARY));
            }
            return hash;
        }
    }

    private DecodeModel model(WeightType type, Activation activation) {
        DecodeModel.Sizes sizes = new DecodeModel.Sizes(WIDTH, HEADS, KV_HEADS, SIZE, 50, false, true, activation, 8);
        List<DecodeModel.Layer> layers = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            layers.add(new DecodeModel.Layer(
                    new DecodeModel.Matrices(
                            linear(type, sizes.attentionInputs(), WIDTH),
                            linear(type, WIDTH, HEADS * SIZE),
                            linear(type, 2 * INNER, WIDTH),
                            linear(type, WIDTH, INNER)),
                    new DecodeModel.Norms(
                            norm(WIDTH, false),
                            norm(SIZE, false),
                            norm(SIZE, false),
                            norm(0, false),
                            norm(WIDTH, true),
                            norm(WIDTH, false)),
                    0,
                    i == 1,
                    0.3f));
        }
        RotaryTable table = new RotaryTable(numbers(200 * 4, 1), numbers(200 * 4, 1), 4);
        return new DecodeModel(
                sizes,
                layers,
                norm(WIDTH, false),
                linear(type, VOCABULARY, WIDTH).matrix(),
                List.of(table));
    }

    private Linear linear(WeightType type, int outputs, int inputs) {
        float[] weights = numbers(outputs * inputs, 0.3);
        PackedMatrix.Rows rows = (output, row) -> System.arraycopy(weights, output * inputs, row, 0, inputs);
        return new Linear(PackedMatrix.of(type, outputs, inputs, rows), numbers(outputs, 0.1));
    }

    private Norm norm(int n, boolean centred) {
        return new Norm(numbers(n, 1), centred ? numbers(n, 1) : new float[0], centred, 1e-5);
    }

    private float[] numbers(int n, double scale) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) (scale * random.nextGaussian());
        }
        return numbers;
    }
}
