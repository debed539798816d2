package ai.preceptor.cli.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which keys can be written without a value, and which with several: what {@code --key value} needs to know before the
 * values are read.
 *
 * @param all full dotted keys
 * @param flags those that are true or false
 * @param lists those that take several values
 */
public record OptionKeys(Set<String> all, Set<String> flags, Set<String> lists) {
    private static final List<String> TRUTH = List.of("true", "false");
    /** A period before a digit belongs to the name. */
    private static final Pattern STAGE = Pattern.compile("stages\\.[^.]*(\\.[0-9][^.]*)*\\.");

    /** Copies the sets. */
    public OptionKeys {
        all = Set.copyOf(all);
        flags = Set.copyOf(flags);
        lists = Set.copyOf(lists);
    }

    /** @param types records that {@link Settings} can read */
    public static OptionKeys of(List<Class<? extends Record>> types) {
        Set<String> all = new HashSet<>();
        Set<String> flags = new HashSet<>();
        Set<String> lists = new HashSet<>();
        types.forEach(type -> collect(Schema.of(type), "", all, flags, lists));
        return new OptionKeys(all, flags, lists);
    }

    private static void collect(Schema schema, String prefix, Set<String> all, Set<String> flags, Set<String> lists) {
        for (Schema.Entry entry : schema.entries()) {
            if (entry instanceof Schema.KeyEntry key) {
                all.add(prefix + key.name());
                if (key.type() instanceof ValueTypes.ListValue) {
                    lists.add(prefix + key.name());
                } else if (key.type().choices().equals(TRUTH)) {
                    flags.add(prefix + key.name());
                }
            } else if (entry instanceof Schema.GroupEntry group) {
                collect(group.schema(), prefix, all, flags, lists);
            } else if (entry instanceof Schema.SectionEntry section) {
                collect(section.schema(), prefix + section.name() + ".", all, flags, lists);
            }
        }
    }

    /** How long what stands before a key of a stage is, {@code stages.NAME.}; 0 for another key. */
    public static int stage(String key) {
        Matcher stage = STAGE.matcher(key);
        return stage.lookingAt() ? stage.end() : 0;
    }

    private static String own(String key) {
        return key.substring(stage(key));
    }

    /** Whether a command has a key. */
    public boolean isKnown(String key) {
        return all.contains(own(key));
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
