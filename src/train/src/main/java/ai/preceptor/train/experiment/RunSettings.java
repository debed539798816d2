package ai.preceptor.train.experiment;

import ai.preceptor.data.setting.KeyEffect;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run's configuration says about its result.
 *
 * @param command which it is of
 * @param values of its keys as text, those that change the result ({@link KeyEffect#isCompared}); of those that are not set, none
 */
public record RunSettings(String command, Map<String, String> values) {
    /** The key by which draws of one experiment differ. */
    public static final String SEED = "seed";

    /** Copies the map. */
    public RunSettings {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Its seed; empty if it has none. */
    public String seed() {
        return values.getOrDefault(SEED, "");
    }

    /** What all draws of the experiment have in common. */
    public RunSettings withoutSeed() {
        Map<String, String> others = new LinkedHashMap<>(values);
        others.remove(SEED);
        return new RunSettings(command, others);
    }
}
