package ai.preceptor.cli.recipe;

import ai.preceptor.cli.yaml.YamlText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A recipe with every key of every stage, as it would be written to run it again.
 *
 * @param recipe what to write
 */
record RecipeText(Recipe recipe) {
    private static final List<String> OWN = List.of("output", "resume");

    /** Keys of the machine more than of a stage; where all stages agree they stand once, easy to change. */
    private static final List<String> SHARED = List.of("device", "threads");

    String yaml() {
        Map<String, Object> shared = shared();
        Map<String, @Nullable Object> stages = new LinkedHashMap<>();
        for (RecipeStage<?> stage : recipe.stages()) {
            Map<String, @Nullable Object> keys = new LinkedHashMap<>();
            keys.put("command", stage.kind().command());
            stage.resolved().forEach((key, value) -> {
                if (!OWN.contains(key) && !shared.containsKey(key)) {
                    keys.put(key, value == null ? null : written(value));
                }
            });
            stages.put(stage.name(), keys);
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("output", recipe.output().toString());
        all.putAll(shared);
        all.put("stages", stages);
        return new YamlText(all).toString();
    }

    private Map<String, Object> shared() {
        Map<String, Object> shared = new LinkedHashMap<>();
        for (String key : SHARED) {
            Set<Object> values = new HashSet<>();
            recipe.stages().forEach(stage -> {
                Object value = stage.resolved().get(key);
                if (value != null) {
                    values.add(value);
                }
            });
            if (values.size() == 1) {
                shared.put(key, values.iterator().next());
            }
        }
        return shared;
    }

    /** What lies in the run directory is written as a reference, so that the text fits another run directory too. */
    private Object written(Object value) {
        if (value instanceof List<?> list) {
            List<Object> all = new ArrayList<>();
            list.forEach(item -> all.add(written(item)));
            return all;
        }
        if (!(value instanceof String text) || !Path.of(text).startsWith(recipe.output())) {
            return value;
        }
        Path inside = recipe.output().relativize(Path.of(text));
        String name = inside.getName(0).toString();
        boolean isStage =
                recipe.stages().stream().anyMatch(stage -> stage.name().equals(name));
        if (!isStage || inside.getNameCount() < 2) {
            return value;
        }
        String rest = inside.subpath(1, inside.getNameCount()).toString().replace('\\', '/');
        return StageReferences.PREFIX + name + (rest.equals(RecipeStage.MODEL) ? "" : "/" + rest);
    }
}
