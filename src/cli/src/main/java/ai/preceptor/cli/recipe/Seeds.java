package ai.preceptor.cli.recipe;

import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.keys.SeedKeys;
import ai.preceptor.data.setting.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The seeds of a recipe whose stages run once for each of them. A stage with a seed of its own keeps it.
 *
 * @param all in the order to run; empty for a recipe without
 * @param from the first stage that runs for each seed; those before it run once
 */
record Seeds(List<Long> all, String from) {
    static final Seeds NONE = new Seeds(List.of(), "");
    /** What is written for the seed of a stage that has one of these. */
    static final String GIVEN = "seeds";

    /** Copies the list. */
    Seeds {
        all = List.copyOf(all);
    }

    /**
     * As the keys say.
     *
     * @param top gets what is wrong with them
     * @param stages the names of all stages, in order
     */
    static Seeds of(SeedKeys keys, Rounds rounds, OutlineSection top, List<String> stages) {
        List<Long> all = keys.seeds();
        if (all == null || all.isEmpty() || stages.isEmpty()) {
            return NONE;
        }
        String from = keys.seedsFrom() == null ? stages.get(0) : keys.seedsFrom();
        if (!stages.contains(from)) {
            top.refuse(
                    "seeds_from",
                    "expected one of " + String.join(", ", stages) + ", found \"" + from + "\""
                            + new Nearest(stages).hint(from));
            return NONE;
        }
        if (rounds.names().indexOf(from) > 0) {
            top.refuse(
                    "seeds_from",
                    "expected a stage outside the rounds, or their first (" + String.join(", ", rounds.names())
                            + "), since all of a round runs for one seed; found " + from);
        }
        if (rounds.exist()) {
            refuseCommonDraws(all, rounds, top);
        }
        return new Seeds(all, from);
    }

    /** Two seeds of which a round of one is that of another round of the other would be no independent draws. */
    private static void refuseCommonDraws(List<Long> all, Rounds rounds, OutlineSection top) {
        for (long one : all) {
            for (int round = 2; round <= rounds.repeat(); round++) {
                long later = Rounds.seed(one, round);
                if (all.contains(later)) {
                    top.refuse(
                            GIVEN,
                            "expected seeds that no round of another has; " + one + " is " + later + " in round "
                                    + round + ", found both");
                    return;
                }
            }
        }
    }

    boolean exist() {
        return !all.isEmpty();
    }

    /** All stages as they run: those that run once, then those of each seed, with their rounds. */
    List<StageName> unrolled(List<StageName> once, List<String> stages) {
        if (!exist()) {
            return once;
        }
        List<StageName> unrolled = new ArrayList<>();
        int first = stages.indexOf(from);
        once.stream().filter(name -> stages.indexOf(name.own()) < first).forEach(unrolled::add);
        for (long seed : all) {
            once.stream()
                    .filter(name -> stages.indexOf(name.own()) >= first)
                    .map(name -> new StageName(name.own(), name.round(), seed))
                    .forEach(unrolled::add);
        }
        return unrolled;
    }

    /** The keys of the recipe that say the same again. */
    Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        if (exist()) {
            keys.put(GIVEN, all);
            keys.put("seeds_from", from);
        }
        return keys;
    }
}
