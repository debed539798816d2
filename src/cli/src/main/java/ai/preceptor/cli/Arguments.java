package ai.preceptor.cli;

import ai.preceptor.cli.config.OptionKeys;
import ai.preceptor.cli.yaml.PathText;
import ai.preceptor.data.ConfigurationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a command in any of the ways to write them: {@code CONFIG.yaml} or {@code --config CONFIG.yaml},
 * {@code key=value}, {@code --key=value}, {@code --key value}, {@code --key a b} for a list, {@code --key} alone for true and
 * {@code --no-key} for false. After two dashes, a dash in a key is an underscore.
 *
 * @param file the configuration file, or null
 * @param overrides {@code key=value} each; what is neither is left as it was, to be reported with all other problems
 */
record Arguments(@Nullable Path file, List<String> overrides) {
    private static final String CONFIG = "config";
    private static final Pattern ASSIGNMENT = Pattern.compile("[a-z][a-z0-9_.]*=");

    /**
     * Reads them.
     *
     * @param keys of the command
     * @throws ConfigurationException when there are two configuration files, or one of several values has a comma
     */
    static Arguments of(List<String> words, OptionKeys keys) {
        return new Reader(words, keys).read();
    }

    private static final class Reader {
        private final List<String> words;
        private final OptionKeys keys;
        private final List<String> overrides = new ArrayList<>();
        private @Nullable Path file;
        private int next;

        Reader(List<String> words, OptionKeys keys) {
            this.words = words;
            this.keys = keys;
        }

        Arguments read() {
            while (next < words.size()) {
                String word = words.get(next++);
                if (isOption(word)) {
                    option(word.substring(2));
                } else if (isFile(word)) {
                    file(word);
                } else {
                    overrides.add(word);
                }
            }
            return new Arguments(file, List.copyOf(overrides));
        }

        private void option(String text) {
            int equals = text.indexOf('=');
            String key = underscored(equals < 0 ? text : text.substring(0, equals));
            if (equals >= 0) {
                given(key, text.substring(equals + 1));
            } else if (keys.isFlag(key)) {
                overrides.add(key + "=" + (isTruth() ? words.get(next++) : "true"));
            } else if (key.startsWith("no_") && keys.isFlag(key.substring(3))) {
                overrides.add(key.substring(3) + "=false");
            } else if (hasNoValue(key)) {
                overrides.add(isForeign(key) ? key + "=true" : "--" + text);
            } else if (keys.isList(key)) {
                overrides.add(key + "=" + list(key));
            } else {
                given(key, words.get(next++));
            }
        }

        /** Perhaps a flag of another program: what follows it is not swallowed, and it is explained. */
        private boolean isForeign(String key) {
            return !keys.isKnown(key) && !key.equals(CONFIG);
        }

        private boolean hasNoValue(String key) {
            if (next == words.size() || isOption(words.get(next))) {
                return true;
            }
            String following = words.get(next);
            return isForeign(key)
                    && (isFile(following) || ASSIGNMENT.matcher(following).lookingAt());
        }

        private void given(String key, String value) {
            if (key.equals(CONFIG)) {
                file(value);
            } else {
                overrides.add(key + "=" + value);
            }
        }

        private boolean isTruth() {
            return next < words.size() && List.of("true", "false").contains(words.get(next));
        }

        /** One value as it stands, several as a list, whose text has commas between them. */
        private String list(String key) {
            List<String> values = new ArrayList<>();
            do {
                values.add(words.get(next++));
            } while (next < words.size() && isFurtherValue(words.get(next)));
            if (values.size() == 1) {
                return values.get(0);
            }
            for (String value : values) {
                if (value.contains(",")) {
                    throw new ConfigurationException("command line: " + key
                            + ": expected several values without commas, found \"" + value
                            + "\"; a configuration file can give such a list");
                }
            }
            return "[" + String.join(",", values) + "]";
        }

        private static boolean isFurtherValue(String word) {
            return !isOption(word) && !isFile(word) && !word.contains("=");
        }

        private void file(String word) {
            if (file != null) {
                throw new ConfigurationException("command line: one CONFIG.yaml at most, found also " + word);
            }
            file = PathText.onCommandLine(word);
        }

        private static boolean isOption(String word) {
            return word.length() > 2 && word.startsWith("--");
        }

        private static boolean isFile(String word) {
            return !word.contains("=") && (word.endsWith(".yaml") || word.endsWith(".yml"));
        }

        /** The name of a stage is not a key. */
        private static String underscored(String key) {
            int stage = OptionKeys.stage(key);
            return key.substring(0, stage) + key.substring(stage).replace('-', '_');
        }
    }
}
