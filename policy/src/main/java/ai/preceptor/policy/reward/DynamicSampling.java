package ai.preceptor.policy.reward;

import ai.preceptor.data.Trajectory;
import ai.preceptor.train.sampling.Moments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sorts out prompts whose scored answers all have one score: nothing is to be learnt from them, so other prompts take their
 * places. Source: Yu et al. 2025, DAPO, arXiv:2503.14476, section 3.2 and equation 11; verl's {@code filter_groups}.
 *
 * @param passed groups of prompts with two scored answers or more of unequal score, in order
 * @param dropped the others
 */
public record DynamicSampling(List<List<Trajectory>> passed, List<List<Trajectory>> dropped) {

    /** Sorts complete groups, by raw scores. */
    public static DynamicSampling of(List<Trajectory> sampled) {
        Map<Integer, List<Trajectory>> groups = new LinkedHashMap<>();
        sampled.forEach(one ->
                groups.computeIfAbsent(one.group(), group -> new ArrayList<>()).add(one));
        List<List<Trajectory>> passed = new ArrayList<>();
        List<List<Trajectory>> dropped = new ArrayList<>();
        for (List<Trajectory> group : groups.values()) {
            (differs(group) ? passed : dropped).add(group);
        }
        return new DynamicSampling(passed, dropped);
    }

    private static boolean differs(List<Trajectory> group) {
        return Moments.differ(
                group.stream().mapToDouble(one -> one.score().value()).toArray());
    }
}
