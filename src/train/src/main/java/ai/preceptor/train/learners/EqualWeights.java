package ai.preceptor.train.learners;

import ai.preceptor.lm.collective.Collective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Whether all learners have the same weights to the last bit, which each step must leave. */
public final class EqualWeights {
    private EqualWeights() {}

    /**
     * Compares them; every learner calls it.
     *
     * @param digest of this learner's weights; asked for where there are several learners
     * @param step that was done last
     * @throws LearnerFailedException naming the learners whose weights are not those of learner 0; on all of them
     */
    public static void require(Supplier<byte[]> digest, Collective learners, int step) {
        if (learners.world() == 1) {
            return;
        }
        List<byte[]> digests = learners.gather(digest.get());
        List<Integer> others = new ArrayList<>();
        for (int rank = 1; rank < digests.size(); rank++) {
            if (!Arrays.equals(digests.get(rank), digests.get(0))) {
                others.add(rank);
            }
        }
        if (!others.isEmpty()) {
            throw new LearnerFailedException("after step " + step + " the weights of learners " + others
                    + " are not those of learner 0, so this step is not saved; processors of different kinds, or a"
                    + " defect of memory or network, can be the reason. Earlier checkpoints are of equal weights");
        }
    }
}
