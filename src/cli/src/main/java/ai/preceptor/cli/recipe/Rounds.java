package ai.preceptor.cli.recipe;

import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.keys.RoundKeys;
import ai.preceptor.cli.keys.RoundKeys.RoundData;
import ai.preceptor.data.setting.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which stages of a recipe run several times, in rounds. In round {@code r} a seed is that of the recipe plus
 * {@code 1000 (r - 1)}, so that each round samples anew; stages that only measure keep theirs, so that rounds are compared
 * on equal draws.
 *
 * @param repeat number of rounds; 0 for a recipe without
 * @param names the stages of a round, in order
 * @param split whether each round reads a part of its own of the files that stages have as data
 */
record Rounds(int repeat, List<String> names, boolean split) {
    static final Rounds NONE = new Rounds(0, List.of(), false);

    private static final long SEEDS_APART = 1000;

    /** Copies the list. */
    Rounds {
        names = List.copyOf(names);
    }

    /**
     * As the keys say.
     *
     * @param top gets what is wrong with them
     * @param stages the names of all stages, in order
     */
    static Rounds of(RoundKeys keys, OutlineSection top, List<String> stages) {
        if (keys.repeat() == null) {
            return NONE;
        }
        List<String> names = keys.repeatStages() == null ? stages : keys.repeatStages();
        for (String name : names) {
            if (!stages.contains(name)) {
                top.refuse(
                        "repeat_stages",
                        "expected some of " + String.join(", ", stages) + ", found \"" + name + "\""
                                + new Nearest(stages).hint(name));
                return NONE;
            }
        }
        int first = names.isEmpty() ? -1 : stages.indexOf(names.get(0));
        if (first < 0
                || first + names.size() > stages.size()
                || !stages.subList(first, first + names.size()).equals(names)) {
            top.refuse(
                    "repeat_stages",
                    "expected stages that stand one after the other, in their order (" + String.join(", ", stages)
                            + "), found " + String.join(", ", names));
            return NONE;
        }
        return new Rounds(keys.repeat(), names, keys.repeatData() == RoundData.SPLIT);
    }

    boolean exist() {
        return repeat > 0;
    }

    /** All stages as they run: those before the rounds, round after round, those after. */
    List<StageName> unrolled(List<String> stages) {
        List<StageName> unrolled = new ArrayList<>();
        for (String stage : stages) {
            if (!names.contains(stage)) {
                unrolled.add(new StageName(stage, 0));
            } else if (stage.equals(names.get(0))) {
                for (int round = 1; round <= repeat; round++) {
                    for (String name : names) {
                        unrolled.add(new StageName(name, round));
                    }
                }
            }
        }
        return unrolled;
    }

    /** The seed of a round, of what is that of the first. */
    static long seed(long first, int round) {
        return first + SEEDS_APART * (round - 1);
    }

    /** The keys of the recipe that say the same again. */
    Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        if (exist()) {
            keys.put("repeat", repeat);
            keys.put("repeat_stages", names);
            keys.put("repeat_data", split ? "split" : "same");
        }
        return keys;
    }
}
