package ai.preceptor.teacher.served;

import ai.preceptor.data.InterruptedRunException;

/** The next call could cost more than is left. All replies so far are kept, so the run can go on with a higher cap. */
public final class CostLimitException extends InterruptedRunException {
    private static final long serialVersionUID = 1L;

    CostLimitException(double spent, double next, double cap, String hint) {
        super(String.format(
                java.util.Locale.ROOT,
                "max_cost: %.6g of %.6g are spent and the next call may cost %.6g; what was answered is kept%s",
                spent,
                cap,
                next,
                hint));
    }
}
