package ai.preceptor.dashboard.judge;

import ai.preceptor.eval.Proportion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often a person, the teacher and the reward model prefer the same answer of the pairs that the person has judged. A pair
 * on which one of two is undecided is left out of their agreement. Intervals are Wilson's, of 95 %.
 *
 * @param judged pairs that the person has judged
 * @param ties those on which the person saw no difference
 * @param teacher of person and teacher; null without a pair
 * @param rewardModel of person and reward model; null without a pair
 * @param teacherAndRewardModel of these two; null without a pair
 * @param first how often the person preferred the answer shown first, which should be about half; null without a pair
 */
record Agreement(
        int judged,
        int ties,
        @Nullable Proportion teacher,
        @Nullable Proportion rewardModel,
        @Nullable Proportion teacherAndRewardModel,
        @Nullable Proportion first) {

    /**
     * Signs of what the three prefer: 1 the answer that the teacher's row calls chosen, -1 the other one, 0 neither.
     *
     * @param person of the person
     * @param teacher of the teacher
     * @param rewardModel of the reward model, 0 too where there is none
     * @param first whether the person preferred the answer shown first
     */
    record Signs(int person, int teacher, int rewardModel, boolean first) {}

    static Agreement of(List<Signs> all) {
        return new Agreement(
                all.size(),
                (int) all.stream().filter(one -> one.person() == 0).count(),
                proportion(all.stream()
                        .mapToInt(one -> one.person() * one.teacher())
                        .toArray()),
                proportion(all.stream()
                        .mapToInt(one -> one.person() * one.rewardModel())
                        .toArray()),
                proportion(all.stream()
                        .mapToInt(one -> one.teacher() * one.rewardModel())
                        .toArray()),
                proportion(all.stream()
                        .mapToInt(one -> one.person() == 0 ? 0 : one.first() ? 1 : -1)
                        .toArray()));
    }

    /** @param products 1 for agreement, -1 for disagreement, 0 for a pair that is left out */
    private static @Nullable Proportion proportion(int[] products) {
        int agreed = 0;
        int decided = 0;
        for (int product : products) {
            agreed += product > 0 ? 1 : 0;
            decided += product != 0 ? 1 : 0;
        }
        return decided == 0 ? null : new Proportion(agreed, decided);
    }

    /** For the page. */
    Map<String, Object> reply() {
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("judged", judged);
        reply.put("ties", ties);
        put(reply, "teacher", teacher);
        put(reply, "reward_model", rewardModel);
        put(reply, "teacher_and_reward_model", teacherAndRewardModel);
        put(reply, "first", first);
        return reply;
    }

    private static void put(Map<String, Object> reply, String name, @Nullable Proportion of) {
        if (of != null) {
            reply.put(
                    name,
                    Map.of(
                            "agreed", (int) of.successes(),
                            "of", (int) of.trials(),
                            "rate", of.rate(),
                            "low", of.interval().low(),
                            "high", of.interval().high()));
        }
    }
}
