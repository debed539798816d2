package ai.preceptor.formats.weights;

import ai.preceptor.data.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The tensors a model needs, by name and shape, to be compared with those a checkpoint has. */
public final class ExpectedTensors {
    private final Map<String, long[]> required = new LinkedHashMap<>();
    private final Map<String, long[]> optional = new LinkedHashMap<>();
    private final List<Pattern> ignored = new ArrayList<>();

    /** Adds a tensor that must be there. */
    public ExpectedTensors require(String name, long... shape) {
        required.put(name, shape.clone());
        return this;
    }

    /** Adds a tensor that may be there, and then in this shape. */
    public ExpectedTensors allow(String name, long... shape) {
        optional.put(name, shape.clone());
        return this;
    }

    /** Adds a regular expression of names that are ignored. */
    public ExpectedTensors ignore(String regex) {
        ignored.add(Pattern.compile(regex));
        return this;
    }

    /** Shapes of the tensors that must be there, by name, in the model's order. */
    public Map<String, long[]> required() {
        return Collections.unmodifiableMap(required);
    }

    /** Finds everything in which a checkpoint differs: missing, of another shape, unexpected. */
    public Differences compare(TensorSource source) {
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        List<String> unexpected = new ArrayList<>();
        required.forEach((name, shape) -> {
            if (source.names().contains(name)) {
                checkShape(source, name, shape, wrong);
            } else {
                missing.add(name + " " + Arrays.toString(shape));
            }
        });
        for (String name : source.names()) {
            long[] shape = optional.get(name);
            if (shape != null) {
                checkShape(source, name, shape, wrong);
            } else if (!required.containsKey(name)
                    && ignored.stream()
                            .noneMatch(pattern -> pattern.matcher(name).matches())) {
                unexpected.add(name + " " + Arrays.toString(source.info(name).shape()));
            }
        }
        return new Differences(source.path().toString(), missing, wrong, unexpected);
    }

    private static void checkShape(TensorSource source, String name, long[] shape, List<String> wrong) {
        TensorInfo found = source.info(name);
        if (!Arrays.equals(found.shape(), shape)) {
            wrong.add(name + " expected " + Arrays.toString(shape) + ", found " + Arrays.toString(found.shape()));
        } else if (FloatFormat.of(found.dtype()).isEmpty()) {
            wrong.add(name + " expected F32, F16 or BF16, found " + found.dtype());
        }
    }

    /**
     * How a checkpoint differs from what a model needs.
     *
     * @param where the checkpoint
     * @param missing tensors it lacks, each with the shape expected
     * @param wrong tensors of another shape or of no floating type, each with what was expected and found
     * @param unexpected tensors the model has no place for, each with its shape
     */
    public record Differences(String where, List<String> missing, List<String> wrong, List<String> unexpected) {
        /** Copies the lists. */
        public Differences {
            missing = List.copyOf(missing);
            wrong = List.copyOf(wrong);
            unexpected = List.copyOf(unexpected);
        }

        /** True when the checkpoint is exactly what the model needs. */
        public boolean none() {
            return missing.isEmpty() && wrong.isEmpty() && unexpected.isEmpty();
        }

        /**
         * Refuses a checkpoint that differs.
         *
         * @throws DataException listing all differences, a line each
         */
        public void refuse() {
            if (!none()) {
                throw new DataException(toString());
            }
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(where + ": the weights do not fit config.json");
            missing.forEach(line -> text.append("\n  missing: ").append(line));
            wrong.forEach(line -> text.append("\n  wrong: ").append(line));
            unexpected.forEach(line -> text.append("\n  unexpected: ").append(line));
            return text.toString();
        }
    }
}
