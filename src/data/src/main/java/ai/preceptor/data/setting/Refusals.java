package ai.preceptor.data.setting;

import ai.preceptor.data.Problem;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with the values that a record of settings is made of. Its constructor checks them so:
 *
 * <pre>{@code
 * Refusals refusals = Refusals.of(Sampling.class, temperature, topP);
 * if (temperature == 0 && topP < 1) {
 *     refusals.refuse("top_p", "expected 1 with a temperature of 0, found " + topP);
 * }
 * refusals.throwIfAny();
 * }</pre>
 */
public final class Refusals implements Checks {
    private final List<Problem> problems = new ArrayList<>();

    private Refusals() {}

    /**
     * Those of the ranges that the components' {@link Key} annotations give.
     *
     * @param type the record
     * @param values of all its components, in order
     * @throws IllegalArgumentException when {@code values} are not as many as the components: a mistake in the record
     */
    public static Refusals of(Class<? extends Record> type, @Nullable Object... values) {
        RecordComponent[] components = type.getRecordComponents();
        if (components.length != values.length) {
            throw new IllegalArgumentException(type.getSimpleName() + " has " + components.length
                    + " components, but its constructor checks " + values.length);
        }
        Refusals refusals = new Refusals();
        for (int i = 0; i < components.length; i++) {
            refusals.check(components[i], values[i]);
        }
        return refusals;
    }

    /**
     * Those of the ranges of records that check none themselves, and of the {@link Group}s in them: for the record that joins
     * them, so that all that is wrong is told together.
     */
    public static Refusals joining(Record... made) {
        Refusals refusals = new Refusals();
        for (Record one : made) {
            for (RecordComponent component : one.getClass().getRecordComponents()) {
                Object value = value(one, component);
                if (component.isAnnotationPresent(Group.class) && value instanceof Record group) {
                    refusals.problems.addAll(joining(group).problems);
                } else {
                    refusals.check(component, value);
                }
            }
        }
        return refusals;
    }

    private static @Nullable Object value(Record made, RecordComponent component) {
        try {
            return component.getAccessor().invoke(made);
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new IllegalArgumentException("cannot read " + component, e);
        }
    }

    private void check(RecordComponent component, @Nullable Object value) {
        Key key = component.getAnnotation(Key.class);
        if (key != null && !key.range().isEmpty()) {
            check(KeyName.of(component), value, Range.parse(key.range()));
        }
    }

    /** None yet, for values whose keys are declared elsewhere. */
    public static Refusals none() {
        return new Refusals();
    }

    /**
     * Refuses a number, or the first of a list, that is out of its range.
     *
     * @param key in snake_case
     * @param value null is never refused
     * @param interval as {@link Key#range} has it
     */
    public void range(String key, @Nullable Object value, String interval) {
        check(key, value, Range.parse(interval));
    }

    private void check(String key, @Nullable Object value, Range range) {
        if (value instanceof List<?> list) {
            list.forEach(element -> check(key, element, range));
        } else if (value instanceof Number number && !range.contains(number.doubleValue())) {
            String kind = number instanceof Double ? "a number" : "an integer";
            refuse(key, "expected " + kind + " in " + range + ", found " + number);
        }
    }

    /** Whether {@code key} itself was refused, so that what follows from its value need not be said. */
    public boolean concern(String key) {
        return problems.stream().anyMatch(problem -> problem.key().equals(key));
    }

    /** Nothing is added for a key that was refused before. */
    @Override
    public void refuse(String key, String message) {
        if (!concern(key)) {
            problems.add(new Problem(key, message));
        }
    }

    /** @throws RefusedSettingsException naming every refused value, when there is any */
    public void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new RefusedSettingsException(problems);
        }
    }
}
