package ai.preceptor.cli.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Defaults that differ in one place; those given further out win. */
final class DefaultOverrides {
    private final @Nullable DefaultOverrides outer;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<DefaultIf> conditional;
    private final Set<String> unused;

    /** @param written {@code "key=value"} each */
    DefaultOverrides(@Nullable DefaultOverrides outer, String... written) {
        this(outer, List.of(), written);
    }

    /** @param conditional those that depend on another key */
    DefaultOverrides(@Nullable DefaultOverrides outer, List<DefaultIf> conditional, String... written) {
        this.outer = outer;
        this.conditional = List.copyOf(conditional);
        for (String one : written) {
            int equals = one.indexOf('=');
            values.put(one.substring(0, equals), one.substring(equals + 1));
        }
        unused = new TreeSet<>(values.keySet());
        conditional.forEach(one -> unused.add(one.key()));
    }

    /** The default of {@code name}: from further out, else from here, else {@code otherwise}. */
    String of(String name, String otherwise) {
        unused.remove(name);
        String here = values.getOrDefault(name, otherwise);
        return outer == null ? here : outer.of(name, here);
    }

    /** Those of {@code name} that depend on another key, from further out first. */
    List<DefaultIf> conditional(String name) {
        unused.remove(name);
        List<DefaultIf> all = new ArrayList<>(outer == null ? List.of() : outer.conditional(name));
        conditional.stream().filter(one -> one.key().equals(name)).forEach(all::add);
        return all;
    }

    /** @throws IllegalArgumentException when a default names no key: a mistake in an annotation */
    void checkUsed(Class<?> type) {
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException(type.getSimpleName() + " has no key " + unused + " to give a default");
        }
    }
}
