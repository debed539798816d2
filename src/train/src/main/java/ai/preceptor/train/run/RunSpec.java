package ai.preceptor.train.run;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a run that its directory stores.
 *
 * @param config text of {@code config.yaml}, as the user would write it to make the run again
 * @param identity the keys whose values identify the run; a checkpoint made under other values is refused.
 *     Leave out what only changes how the run is watched, saved or prolonged ({@code logging_steps}, {@code save_steps},
 *     {@code max_steps}, {@code output})
 * @param defaults what a key that a checkpoint does not have was, if not {@code null}: a run continues after an upgrade that
 *     brought a new key
 * @param resume whether to continue where an earlier process stopped; without it, a directory that holds a run is refused
 * @param saveTotalLimit newest checkpoints that are kept; 0 keeps all
 * @param maxSteps steps of the run; null where the rows decide. A checkpoint of a run of more steps is refused
 */
public record RunSpec(
        String config,
        Map<String, String> identity,
        Map<String, String> defaults,
        boolean resume,
        int saveTotalLimit,
        @Nullable Integer maxSteps) {

    /**
     * Begins a path into the run directory of the recipe whose stage a run is, wherever that lies. Earlier versions wrote the
     * whole path.
     */
    public static final String IN_RECIPE = "stage:";

    public RunSpec {
        identity = new LinkedHashMap<>(identity);
        defaults = Map.copyOf(defaults);
        if (saveTotalLimit < 0) {
            throw new IllegalArgumentException("save_total_limit is " + saveTotalLimit + ", legal: 0 or more");
        }
    }

    /** Keys that a checkpoint does not have were {@code null}, and the rows decide how many steps there are. */
    public RunSpec(String config, Map<String, String> identity, boolean resume, int saveTotalLimit) {
        this(config, identity, Map.of(), resume, saveTotalLimit, null);
    }

    /** The same with what keys were that a checkpoint does not have. */
    public RunSpec withDefaults(Map<String, String> others) {
        return new RunSpec(config, identity, others, resume, saveTotalLimit, maxSteps);
    }

    /**
     * The keys under which {@code was} and {@code is} differ, with both values: {@code seed: was 1, is 2}. A key that was not there
     * is as one left out: at its default, or {@code null}. A list of one value is that value: some keys took one before they
     * took several. A key with a default that only {@code was} has identified the runs of an earlier version; it does not count. A whole
     * path is one {@link #IN_RECIPE} that it ends with.
     */
    String differences(Map<String, String> was, Map<String, String> is) {
        Map<String, String> counting = new TreeMap<>(was);
        counting.keySet().removeIf(key -> defaults.containsKey(key) && !is.containsKey(key));
        return differences(counting, is, defaults);
    }

    /** The same where keys that were not there were as in {@code defaults}. */
    public static String differences(Map<String, String> was, Map<String, String> is, Map<String, String> defaults) {
        Map<String, String> all = new TreeMap<>(was);
        all.putAll(is);
        StringBuilder found = new StringBuilder();
        for (String key : all.keySet()) {
            String before = was.getOrDefault(key, defaults.getOrDefault(key, "null"));
            String now = is.getOrDefault(key, "null");
            if (!isSame(before, now)) {
                found.append(found.length() == 0 ? "" : "; ").append(key);
                found.append(": was ").append(before).append(", is ").append(now);
            }
        }
        return found.toString();
    }

    private static boolean isSame(String before, String now) {
        return isSamePlace(before, now) || isSamePlace(before, "[" + now + "]") || isSamePlace("[" + before + "]", now);
    }

    private static boolean isSamePlace(String before, String now) {
        return before.equals(now)
                || (now.contains(IN_RECIPE)
                        && before.matches(Arrays.stream(now.split(Pattern.quote(IN_RECIPE), -1))
                                .map(Pattern::quote)
                                .collect(Collectors.joining("(?:" + IN_RECIPE + "|.*[/\\\\])"))));
    }
}
