package ai.preceptor.teacher.served.client;

import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.teacher.ledger.Admission;
import ai.preceptor.teacher.ledger.Money;
import java.util.Locale;

/** The next call could exceed the cost limit. All replies so far are kept, so the run can go on with a higher cap. */
public final class CostLimitException extends InterruptedRunException {
    private static final long serialVersionUID = 1L;

    CostLimitException(Admission.Refused refused, Money next, Prices prices, String hint) {
        super(String.format(
                Locale.ROOT,
                "max_cost: %.6g of %.6g are spent%s and the next call may cost %.6g; what was answered is kept%s",
                refused.spent().units(),
                prices.maxCost(),
                refused.openCalls() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                " (%.6g of it reserved for %d calls of other runs that are in flight or were never settled)",
                                refused.open().units(),
                                refused.openCalls()),
                next.units(),
                hint));
    }
}
