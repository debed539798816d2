package ai.preceptor.cli.recipe;

import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.console.Terminal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A command that can be a stage of a recipe.
 *
 * @param command its name
 * @param keys its configuration; must have the keys {@code output} and {@code resume}
 * @param body does it
 * @param makesModel whether it leaves a directory {@code model}
 * @param files what else in its run directory is for later stages
 * @param unused keys that others leave without effect
 */
public record StageKind<C extends Record>(
        String command,
        Class<C> keys,
        BiConsumer<C, Terminal> body,
        boolean makesModel,
        List<String> files,
        Unused unused) {
    /** Copies the list. */
    public StageKind {
        files = List.copyOf(files);
    }

    /** A command all of whose keys are always of use. */
    public StageKind(
            String command, Class<C> keys, BiConsumer<C, Terminal> body, boolean makesModel, List<String> files) {
        this(command, keys, body, makesModel, files, texts -> List.of());
    }

    /** Keys and files that other keys leave without effect. Such keys at the top of a recipe are for other stages. */
    @FunctionalInterface
    public interface Unused {
        /** Whether a stage writes one of the files that its command may write. */
        default boolean writes(String file, Function<String, List<String>> texts) {
            return true;
        }

        /**
         * Which.
         *
         * @param texts what is written for a key, in the stage or else at the top; empty if nothing is
         */
        Collection<String> of(Function<String, List<String>> texts);

        /**
         * The same where it matters what other stages do.
         *
         * @param commands the command of the stage that a text refers to; empty for a text that is no such reference
         */
        default Collection<String> of(
                Function<String, List<String>> texts, Function<String, Optional<String>> commands) {
            return of(texts);
        }
    }

    /**
     * Keys that a command refuses unless one of them is true.
     *
     * @param key which is a truth value, false by default
     * @param keys all of them
     */
    public record Part(String key, Class<? extends Record> keys) implements Unused {
        @Override
        public Collection<String> of(Function<String, List<String>> texts) {
            if (texts.apply(key).equals(List.of("true"))) {
                return List.of();
            }
            List<String> others = new ArrayList<>(OutlineSection.keysOf(keys));
            others.remove(key);
            return others;
        }
    }

    /** Whether it only measures, and leaves nothing for later stages. */
    boolean measures() {
        return !makesModel && files.isEmpty();
    }

    /**
     * The keys that a recipe's defaults reach in a stage.
     *
     * @param kinds of all stages, by their names
     */
    List<String> defaults(OutlineSection stage, OutlineSection top, Map<String, StageKind<?>> kinds) {
        List<String> all = new ArrayList<>(OutlineSection.keysOf(keys));
        all.removeAll(unused.of(
                texts(stage, top),
                text -> StageReferences.stage(text).map(kinds::get).map(StageKind::command)));
        return all;
    }

    /** Those of the files that such a stage writes. */
    List<String> files(OutlineSection stage, OutlineSection top, Map<String, StageKind<?>> kinds) {
        List<String> defaults = defaults(stage, top, kinds);
        Function<String, List<String>> texts = key -> stage.texts(key).isEmpty() && !defaults.contains(key)
                ? List.of()
                : texts(stage, top).apply(key);
        return files.stream().filter(file -> unused.writes(file, texts)).toList();
    }

    private static Function<String, List<String>> texts(OutlineSection stage, OutlineSection top) {
        return key -> stage.texts(key).isEmpty() ? top.texts(key) : stage.texts(key);
    }
}
