package ai.preceptor.train.learners;

import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.rows.RowSource;
import ai.preceptor.train.rows.StepRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one learner: of a step's micro-batches, the learner of rank r has those whose number, from 0, is r modulo the number
 * of learners. Micro-batches stay whole, because some objectives compare the rows of one. A step of fewer micro-batches than
 * learners leaves some without.
 *
 * @param all gives the same steps to every learner
 */
public record SharedRows<R>(RowSource<R> all, Collective learners) implements RowSource<R> {
    /** Key of the number of learners in the identity of the rows. */
    public static final String WORLD = "learners";

    /** The rows of a learner; {@code all} itself where there is one. */
    public static <R> RowSource<R> of(RowSource<R> all, Collective learners) {
        if (learners.world() == 1) {
            return all;
        }
        return all instanceof DividedRows<R> divided ? divided.of(learners) : new SharedRows<>(all, learners);
    }

    @Override
    public StepRows<R> at(int step) {
        StepRows<R> whole = all.at(step);
        return new StepRows<>(own(whole.microBatches(), learners), whole.epoch(), whole.isExhausted());
    }

    @Override
    public int stepsPerEpoch() {
        return all.stepsPerEpoch();
    }

    /** The micro-batches of one learner, of those of a step. */
    public static <T> List<T> own(List<T> ofStep, Collective learners) {
        List<T> own = new ArrayList<>();
        for (int i = learners.rank(); i < ofStep.size(); i += learners.world()) {
            own.add(ofStep.get(i));
        }
        return own;
    }

    /** Names the number of learners: their sums differ from those of fewer in the last digits. */
    @Override
    public Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>(all.identity());
        identity.put(WORLD, Integer.toString(learners.world()));
        return identity;
    }

    @Override
    public void saveState(Path checkpoint) {
        all.saveState(checkpoint);
    }

    @Override
    public void loadState(Path checkpoint) {
        all.loadState(checkpoint);
    }
}
