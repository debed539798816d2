package ai.preceptor.cli.config;

import ai.preceptor.cli.foreign.ForeignName;
import ai.preceptor.cli.foreign.ForeignNames;
import ai.preceptor.cli.yaml.Problems;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.data.setting.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Refuses keys that a configuration does not have: by what other programs mean by them, else with the nearest keys. */
final class UnknownKeys {
    private final Schema root;
    private final String base;
    private final Problems problems;

    /**
     * Those of one configuration.
     *
     * @param base path of the section that {@code root} describes, ending in a dot; empty for a whole configuration
     */
    UnknownKeys(Schema root, String base, Problems problems) {
        this.root = root;
        this.base = base;
        this.problems = problems;
    }

    /** Reports those of one section. */
    void refuse(Schema schema, Raw.Mapping raw, String prefix) {
        List<String> known = schema.names();
        raw.fields().forEach((name, field) -> {
            if (!known.contains(name)) {
                Optional<ForeignName> foreign = prefix.equals(base) ? foreign(name, field, known) : Optional.empty();
                foreign.ifPresentOrElse(
                        one -> {
                            problems.add(field.keyOrigin(), prefix + name, "unknown key; " + told(one, field));
                            problems.explain(prefix + one.key());
                        },
                        () -> problems.add(field.keyOrigin(), prefix + name, message(name, field, known, prefix)));
            }
        });
    }

    /** What another program means by a key. */
    static Optional<ForeignName> foreign(String name, Raw.Field field, Collection<String> known) {
        return ForeignNames.standard().find(name, field.value().source(), known);
    }

    /** It, to be said after "unknown key". */
    static String told(ForeignName foreign, Raw.Field field) {
        return foreign.told(field.value().source(), field.keyOrigin().exact());
    }

    /** What another program means by a value that was refused, to be said after what was found; empty if unknown. */
    static String meant(String name, Raw value) {
        return ForeignNames.standard()
                .ofValue(name, value.source())
                .map(one -> "; " + one.told(value.source(), value.origin().exact()))
                .orElse("");
    }

    private String message(String name, Raw.Field field, List<String> known, String prefix) {
        String told = "unknown key, found " + field.value().shown();
        List<String> near = near(name, known, prefix);
        if (near.isEmpty()) {
            problems.hint("known keys" + (prefix.isEmpty() ? "" : " of " + prefix.substring(0, prefix.length() - 1))
                    + ": " + String.join(", ", known));
            return told;
        }
        if (near.size() == 1) {
            problems.explain(near.get(0));
        }
        return told + Nearest.hintOf(near);
    }

    /** Keys at this level if some are near, else a key of that very name elsewhere. */
    private List<String> near(String name, List<String> known, String prefix) {
        List<String> near = new Nearest(known)
                .several(name).stream().map(key -> prefix + key).collect(Collectors.toList());
        if (near.isEmpty()) {
            root.paths().stream()
                    .filter(path -> path.equals(name) || path.endsWith("." + name))
                    .map(path -> base + path)
                    .findFirst()
                    .ifPresent(near::add);
        }
        return near;
    }
}
