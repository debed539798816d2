package ai.preceptor.cli.keys;

import ai.preceptor.cli.config.KeyEffects;
import ai.preceptor.cli.config.Resolved;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.train.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys that must have the same values when a run is resumed ({@link ai.preceptor.data.setting.KeyEffect#isIdentifying}). */
public final class RunIdentity {
    /** Which weights a run ends with, and when. */
    private static final List<String> CHOOSING = List.of(
            "load_best_model_at_end",
            "metric_for_best_model",
            "greater_is_better",
            "early_stopping_patience",
            "early_stopping_threshold");

    /** With what they are chosen on. */
    private static final List<String> DECIDING = Stream.concat(
                    CHOOSING.stream(), Stream.of("eval_data", "eval_steps", "num_generations_eval", "eval_pass_score"))
            .toList();

    /** How long a run trains; the second counts where the first is not given. */
    public static final List<String> LENGTH = List.of("max_steps", "num_train_epochs");

    /** What a trained reward model is measured by, and how long prompts are sampled for a step. */
    private static final List<String> FURTHER = List.of("subset_column", "max_num_gen_batches");

    /** Keys that took one value before they took several: a list of one is that value. */
    private static final Set<String> ONCE_SINGLE = Set.of("teacher", "teacher_model", "rule");

    /** Keys of files whose words decide what comes out: their content counts, not only where it lies. */
    private static final Set<String> WORDS = Set.of(
            "teacher_template",
            "teacher_principles",
            "system_prompt_file",
            "cot_template",
            "hint_template",
            "principles",
            "critique_template",
            "revision_template");

    private RunIdentity() {}

    /** Key and value of each, see {@link Resolved#identity}; a section is written as one value. */
    public static Map<String, String> of(Record configuration) {
        KeyEffects effects = KeyEffects.of(configuration.getClass());
        Map<String, String> entries = new LinkedHashMap<>();
        new Resolved(configuration).identity().forEach((key, value) -> {
            if (effects.of(key).isIdentifying()) {
                boolean one = ONCE_SINGLE.contains(key) && value instanceof List<?> list && list.size() == 1;
                String written = String.valueOf(one ? ((List<?>) value).get(0) : value);
                entries.put(key, value == null || !WORDS.contains(key) ? written : withDigest(written));
            }
        });
        return entries;
    }

    /** With every path into a recipe's run directory as one {@link RunSpec#IN_RECIPE}, so that the directory can be moved. */
    public static Map<String, String> inRecipe(Map<String, String> identity, Path recipe) {
        String directory = recipe + recipe.getFileSystem().getSeparator();
        Pattern inside = Pattern.compile("(?<![^\\[{ ,])" + Pattern.quote(directory)); // alone, or in a list
        Map<String, String> entries = new LinkedHashMap<>(identity);
        entries.replaceAll((key, value) -> inside.matcher(value).replaceAll(RunSpec.IN_RECIPE));
        return entries;
    }

    /**
     * The keys that decide which weights a run ends with, and what it says of them, but for its length. A run may be resumed with
     * others; a finished one with others is another. Without {@code eval_data} and {@code eval_steps} where nothing is decided.
     */
    public static Map<String, String> ofDeciding(Record configuration) {
        Map<String, @Nullable Object> all = new Resolved(configuration).identity();
        boolean decides =
                Boolean.TRUE.equals(all.get("load_best_model_at_end")) || all.get("early_stopping_patience") != null;
        Map<String, String> entries = new LinkedHashMap<>();
        Stream.concat((decides ? DECIDING : CHOOSING).stream(), FURTHER.stream())
                .filter(all::containsKey)
                .forEach(key -> entries.put(key, String.valueOf(all.get(key))));
        return entries;
    }

    /**
     * The keys that say how long a run trains, those that count. A run may be resumed with others; a finished one with others is
     * another.
     */
    public static Map<String, String> ofLength(Record configuration) {
        Map<String, @Nullable Object> all = new Resolved(configuration).identity();
        Map<String, String> entries = new LinkedHashMap<>();
        for (String key : LENGTH) {
            if (all.containsKey(key)) {
                entries.put(key, String.valueOf(all.get(key)));
                if (all.get(key) != null) {
                    break;
                }
            }
        }
        return entries;
    }

    /** A file that is gone has no content to compare; reading it is refused elsewhere. */
    private static String withDigest(String file) {
        Path path = Path.of(file);
        try {
            return Files.isRegularFile(path) ? file + " (SHA-256 " + Sha256.of(path) + ")" : file;
        } catch (IOException e) {
            throw new ConfigurationException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
