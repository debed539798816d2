package ai.preceptor.lm.engine.timing;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.generate.DecodeSettings;
import java.util.List;

/** How long steps of a model take, to be shown. */
public final class StepSpeeds {
    private static final double MILLI = 1e6;

    private final LanguageModel model;

    /** @param model used by the calling thread alone while it is measured */
    public StepSpeeds(LanguageModel model) {
        this.model = model;
    }

    /**
     * Measures one kind, mostly in a second for each number of rows, and the time that laying out its weights takes.
     *
     * @param decode what computes the steps, chosen, and possible here
     * @param rows in increasing order, at least one
     * @return milliseconds of a step of each number of rows
     */
    public double[] millis(DecodeSettings decode, int... rows) {
        StepTimer timer = new StepTimer(StepTimer.Bounds.BRIEFEST);
        double[] millis = new double[rows.length];
        try (SessionSteps steps = new SessionSteps(model, decode, rows[rows.length - 1])) {
            for (int i = 0; i < rows.length; i++) {
                steps.setRows(rows[i]);
                millis[i] = timer.medians(List.of(steps))[0] / MILLI;
            }
        }
        return millis;
    }
}
