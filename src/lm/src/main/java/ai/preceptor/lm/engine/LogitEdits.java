package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.lm.generate.TokenRules;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.vector.LogitEdit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Changes of single logits of a step, gathered from the rules and penalties of its rows: lists of places in the flat matrix of
 * logits, and what happens there, in the order of {@link SamplingOptions}.
 */
final class LogitEdits {
    private final long columns;
    private final Places opened = new Places();
    private final List<Long> closed = new ArrayList<>();
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
        SamplingOptions options = sample.options();
        TokenRules rules = options.rules();
        Set<Integer> allowed = rules.allowed();
        if (allowed != null) {
            closed.add((long) row);
            new TreeSet<>(allowed).forEach(id -> opened.add(first + id, 0));
        }
        rules.logitBias().forEach((id, bias) -> biased.add(first + id, SamplingFloats.addend(bias)));
        if (sample.count() < options.settings().minNewTokens()) {
            sample.stops().stream().forEach(id -> biased.add(first + id, Float.NEGATIVE_INFINITY));
        }
        SamplingSettings settings = options.settings();
        if (settings.penalizes()) {
            Map<Integer, Integer> counts = new HashMap<>();
            sample.tokens().forEach(token -> counts.merge(token.id(), 1, Integer::sum));
            counts.forEach((id, count) -> penalized.add(
                    first + id,
                    SamplingFloats.addend(-settings.presencePenalty() - settings.frequencyPenalty() * count)));
            if (settings.repetitionPenalty() != 1) {
                TreeSet<Integer> seen = new TreeSet<>(counts.keySet());
                for (int id : sample.prompt().ids()) {
                    seen.add(id);
                }
                float factor = SamplingFloats.factor(settings.repetitionPenalty());
                seen.forEach(id -> repeated.add(first + id, factor));
            }
        }
    }

    private NDArray[] tensors(Scope out) {
        return new NDArray[] {
            out.longs(closed.stream().mapToLong(Long::longValue).toArray()),
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
        private final List<Long> places = new ArrayList<>();
        private final List<Float> values = new ArrayList<>();

        void add(long place, float value) {
            places.add(place);
            values.add(value);
        }

        long[] places() {
            return places.stream().mapToLong(Long::longValue).toArray();
        }

        int[] ids() {
            return places.stream().mapToInt(Long::intValue).toArray();
        }

        float[] values() {
            float[] numbers = new float[values.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = values.get(i);
            }
            return numbers;
        }
    }
}
