package ai.preceptor.cli.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which keys can be written without a value, and which with several: what {@code --key value} needs to know before the
 * values are read.
 *
 * @param flags full dotted keys that are true or false
 * @param lists full dotted keys that take several values
 */
public record OptionKeys(Set<String> flags, Set<String> lists) {
    private static final List<String> TRUTH = List.of("true", "false");

    /** Copies the sets. */
    public OptionKeys {
        flags = Set.copyOf(flags);
        lists = Set.copyOf(lists);
    }

    /** @param types records that {@link Settings} can read */
    public static OptionKeys of(List<Class<? extends Record>> types) {
        Set<String> flags = new HashSet<>();
        Set<String> lists = new HashSet<>();
        types.forEach(type -> collect(Schema.of(type), "", flags, lists));
        return new OptionKeys(flags, lists);
    }

    private static void collect(Schema schema, String prefix, Set<String> flags, Set<String> lists) {
        for (Schema.Entry entry : schema.entries()) {
            if (entry instanceof Schema.KeyEntry key) {
                if (key.type() instanceof ValueTypes.ListValue) {
                    lists.add(prefix + key.name());
                } else if (key.type().choices().equals(TRUTH)) {
                    flags.add(prefix + key.name());
                }
            } else if (entry instanceof Schema.GroupEntry group) {
                collect(group.schema(), prefix, flags, lists);
            } else if (entry instanceof Schema.SectionEntry section) {
                collect(section.schema(), prefix + section.name() + ".", flags, lists);
            }
        }
    }

    /** The same for a key of a stage, {@code stages.NAME.key}. */
    private static String own(String key) {
        return key.replaceFirst("^stages\\.[^.]*\\.", "");
    }

    /** Whether a key is true or false. */
    public boolean isFlag(String key) {
        return flags.contains(own(key));
    }

    /** Whether a key takes several values. */
    public boolean isList(String key) {
        return lists.contains(own(key));
    }
}
