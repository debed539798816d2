package ai.preceptor.data.setting;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The record of settings that has the default of every {@link Key}, for those who use no configuration file.
 *
 * @param type each component has a {@link Key}, {@link Group} or {@link Section}
 * @param <R> the record
 */
public record DefaultSettings<R extends Record>(Class<R> type) {
    private static final Map<Type, Function<String, Object>> READERS = Map.of(
            int.class, Integer::valueOf,
            Integer.class, Integer::valueOf,
            long.class, Long::valueOf,
            Long.class, Long::valueOf,
            double.class, Double::valueOf,
            Double.class, Double::valueOf,
            boolean.class, Boolean::valueOf,
            Boolean.class, Boolean::valueOf,
            Path.class, Path::of,
            String.class, text -> text);

    /**
     * Makes it. A key without default is null.
     *
     * @throws IllegalArgumentException when a key is required or a default cannot be read: a mistake in the record
     */
    public R make() {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        @Nullable
        Object[] values = Arrays.stream(components).map(DefaultSettings::value).toArray();
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(type + " refuses its own defaults", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot construct " + type, e);
        }
    }

    /**
     * The keys of a record, those of its groups included, that have another value than their default.
     *
     * @return values by the keys' names, in the order declared
     * @throws IllegalArgumentException as {@link #make}
     */
    public static Map<String, Object> changed(Record settings) {
        Map<String, Object> changed = new LinkedHashMap<>();
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Object value = read(settings, component);
            if (value instanceof Record group && component.isAnnotationPresent(Group.class)) {
                changed.putAll(changed(group));
            } else if (value != null && !value.equals(value(component))) {
                changed.put(KeyName.of(component), value);
            }
        }
        return changed;
    }

    /** The names of a record's keys, those of its groups included, in the order declared. */
    public static List<String> keys(Class<? extends Record> type) {
        List<String> keys = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.isAnnotationPresent(Group.class)) {
                keys.addAll(keys(component.getType().asSubclass(Record.class)));
            } else {
                keys.add(KeyName.of(component));
            }
        }
        return keys;
    }

    private static @Nullable Object read(Record settings, RecordComponent component) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    private static @Nullable Object value(RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        if (key == null) {
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            return nullable ? null : new DefaultSettings<>(component.getType().asSubclass(Record.class)).make();
        }
        if (key.required()) {
            throw new IllegalArgumentException(component + " is required");
        }
        return key.defaultValue().isEmpty() ? null : read(component.getGenericType(), key.defaultValue());
    }

    private static Object read(Type type, String text) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return list(list.getActualTypeArguments()[0], text);
        }
        if (type instanceof Class<?> choice && choice.isEnum()) {
            return constant(choice, text);
        }
        Function<String, Object> reader = READERS.get(type);
        if (reader == null) {
            throw new IllegalArgumentException("no setting can have the type " + type.getTypeName());
        }
        return reader.apply(text);
    }

    private static Object constant(Class<?> choice, String text) {
        for (Object constant : choice.getEnumConstants()) {
            if (KeyName.of((Enum<?>) constant).equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(choice.getSimpleName() + " has no constant " + text);
    }

    private static List<Object> list(Type element, String text) {
        String inside = text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
        return inside.isBlank()
                ? List.of()
                : Arrays.stream(inside.split(",", -1))
                        .map(one -> read(element, one.strip()))
                        .toList();
    }
}
