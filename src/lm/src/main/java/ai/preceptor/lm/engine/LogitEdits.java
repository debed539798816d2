package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.vector.LogitEdit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes of single logits of a step, gathered from the rules and penalties of its rows: lists of places in the flat matrix of
 * logits, and what happens there, in the order of {@link SamplingOptions}.
 */
final class LogitEdits {
    private final long columns;
    private final Places opened = new Places();
    private final Places closed = new Places();
    private final Places biased = new Places();
    private final Places repeated = new Places();
    private final Places penalized = new Places();

    /** @param columns logits of a row, filled up as the kernel does */
    LogitEdits(long columns) {
        this.columns = columns;
    }

    /** As the kernel takes them; empty when there are none. */
    static NDArray[] of(Scope out, List<Sample> rows, boolean any, long columns) {
        if (!any) {
            return new NDArray[0];
        }
        LogitEdits edits = new LogitEdits(columns);
        for (int row = 0; row < rows.size(); row++) {
            edits.add(row, rows.get(row));
        }
        return edits.tensors(out);
    }

    /** Those of one row, whose places are ids. */
    static LogitEdit ofRow(Sample sample) {
        if (!sample.options().reshapes()) {
            return LogitEdit.NONE;
        }
        LogitEdits edits = new LogitEdits(0);
        edits.add(0, sample);
        return new LogitEdit(
                edits.opened.ids(),
                edits.biased.ids(),
                edits.biased.values(),
                edits.repeated.ids(),
                edits.repeated.values(),
                edits.penalized.ids(),
                edits.penalized.values());
    }

    private void add(int row, Sample sample) {
        long first = row * columns;
        SamplingSettings settings = sample.options().settings();
        Fixed fixed = sample.prompt().edits();
        if (fixed.allowed != null) {
            closed.add(row, 0);
            opened.addAll(first, fixed.allowed, 0);
        }
        for (int i = 0; i < fixed.biased.length; i++) {
            biased.add(first + fixed.biased[i], fixed.biases[i]);
        }
        if (sample.count() < settings.minNewTokens()) {
            sample.stops().stream().forEach(id -> biased.add(first + id, Float.NEGATIVE_INFINITY));
        }
        if (settings.penalizes()) {
            Map<Integer, Integer> counts = sample.counts();
            counts.forEach((id, count) -> penalized.add(
                    first + id,
                    SamplingFloats.addend(-settings.presencePenalty() - settings.frequencyPenalty() * count)));
            if (settings.repetitionPenalty() != 1) {
                float factor = SamplingFloats.factor(settings.repetitionPenalty());
                repeated.addAll(first, fixed.prompt, factor);
                for (int id : counts.keySet()) {
                    if (Arrays.binarySearch(fixed.prompt, id) < 0) {
                        repeated.add(first + id, factor);
                    }
                }
            }
        }
    }

    /** What is the same at every step of all samples of a prompt: rules and prompts may have many ids. */
    static final class Fixed {
        /** Rising; null where all are. */
        private final int @Nullable [] allowed;

        private final int[] biased;
        private final float[] biases;
        /** Ids of the prompt, each once, rising. */
        private final int[] prompt;

        Fixed(SamplingOptions options, int[] prompt) {
            Set<Integer> given = options.rules().allowed();
            this.allowed = given == null
                    ? null
                    : given.stream().mapToInt(Integer::intValue).sorted().toArray();
            Map<Integer, Double> bias = options.rules().logitBias();
            this.biased = new int[bias.size()];
            this.biases = new float[bias.size()];
            int i = 0;
            for (Map.Entry<Integer, Double> one : bias.entrySet()) {
                biased[i] = one.getKey();
                biases[i++] = SamplingFloats.addend(one.getValue());
            }
            this.prompt = options.settings().repetitionPenalty() == 1
                    ? new int[0]
                    : Arrays.stream(prompt).sorted().distinct().toArray();
        }
    }

    private NDArray[] tensors(Scope out) {
        return new NDArray[] {
            out.longs(closed.places()),
            out.longs(opened.places()),
            out.longs(biased.places()),
            out.floats(biased.values()),
            out.longs(repeated.places()),
            out.floats(repeated.values()),
            out.longs(penalized.places()),
            out.floats(penalized.values())
        };
    }

    /** Places with numbers. */
    private static final class Places {
        private long[] places = {};
        private float[] values = {};
        private int count;

        void add(long place, float value) {
            makeRoom(1);
            places[count] = place;
            values[count++] = value;
        }

        void addAll(long first, int[] ids, float value) {
            makeRoom(ids.length);
            for (int id : ids) {
                places[count] = first + id;
                values[count++] = value;
            }
        }

        private void makeRoom(int more) {
            if (count + more > places.length) {
                int length = Math.max(count + more, 2 * count);
                places = Arrays.copyOf(places, length);
                values = Arrays.copyOf(values, length);
            }
        }

        long[] places() {
            return Arrays.copyOf(places, count);
        }

        int[] ids() {
            int[] ids = new int[count];
            for (int i = 0; i < count; i++) {
                ids[i] = (int) places[i];
            }
            return ids;
        }

        float[] values() {
            return Arrays.copyOf(values, count);
        }
    }
}
