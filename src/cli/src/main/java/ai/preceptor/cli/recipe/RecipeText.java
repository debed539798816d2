package ai.preceptor.cli.recipe;

import ai.preceptor.cli.yaml.YamlText;
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
        Map<String, String> starts = recipe.shape().starts();
        for (RecipeStage<?> stage : recipe.stages()) {
            if (stage.id().round() > 1 || stages.containsKey(stage.id().own())) {
                continue; // the first round of the first seed says it for all
            }
            Map<String, @Nullable Object> keys = new LinkedHashMap<>();
            keys.put("command", stage.kind().command());
            String own = starts.get(stage.id().own());
            if (own != null) {
                keys.put(RoundStart.KEY, own);
            }
            stage.resolved().forEach((key, value) -> {
                boolean ofSeeds = Seeds.GIVEN.equals(stage.written().get(key));
                if (!OWN.contains(key) && !shared.containsKey(key) && !ofSeeds) {
                    keys.put(key, stage.written().getOrDefault(key, value));
                }
            });
            stages.put(stage.id().own(), keys);
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("output", recipe.output().toString());
        all.putAll(recipe.shape().rounds().keys());
        all.putAll(recipe.shape().seeds().keys());
        String start = starts.get("");
        if (start != null) {
            all.put(RoundStart.KEY, start);
        }
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
}
