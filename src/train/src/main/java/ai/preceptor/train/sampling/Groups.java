package ai.preceptor.train.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rewards of a batch by group: which answers belong to one prompt.
 *
 * @param members per group, in order of appearance, the indices of its answers
 * @param rewards the rewards of the whole batch; not a number where an answer could not be scored
 */
public record Groups(List<int[]> members, double[] rewards) {

    /** @throws IllegalArgumentException if there is not one group per reward */
    public static Groups of(double[] rewards, int[] groups) {
        if (rewards.length != groups.length) {
            throw new IllegalArgumentException(
                    "groups: " + groups.length + ", must be as many as rewards: " + rewards.length);
        }
        Map<Integer, List<Integer>> byGroup = new LinkedHashMap<>();
        for (int i = 0; i < groups.length; i++) {
            byGroup.computeIfAbsent(groups[i], key -> new ArrayList<>()).add(i);
        }
        return new Groups(
                byGroup.values().stream()
                        .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
                        .toList(),
                rewards);
    }

    /** Moments of one group's rewards. */
    public Moments moments(int[] group) {
        return Moments.of(rewards(group));
    }

    private double[] rewards(int[] group) {
        return Arrays.stream(group).mapToDouble(i -> rewards[i]).toArray();
    }

    /** Share of groups whose scored answers, two or more, all got the same reward: they teach nothing. */
    public double shareWithoutSpread() {
        long flat = members.stream()
                .filter(group -> moments(group).count() > 1 && !Moments.differ(rewards(group)))
                .count();
        return (double) flat / members.size();
    }
}
