package ai.preceptor.run.learners;

import java.util.function.BooleanSupplier;

/** Whether a stop was asked for, as all learners know it: as it was when learner 0 last told what it sampled. */
public final class StopFlag implements BooleanSupplier {
    private final BooleanSupplier asked;
    private boolean known;

    /** @param asked of this learner's process; only that of learner 0 is looked at */
    public StopFlag(BooleanSupplier asked) {
        this.asked = asked;
    }

    boolean look() {
        known = asked.getAsBoolean();
        return known;
    }

    void set(boolean told) {
        known = told;
    }

    @Override
    public boolean getAsBoolean() {
        return known;
    }
}
