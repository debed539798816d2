package ai.preceptor.eval;

import ai.preceptor.data.steps.LabeledSteps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process reward model's quality on held-out answers in steps. A step counts as right where its probability is above 1/2.
 *
 * <p>Source of the first error: Zheng et al. 2024, ProcessBench, arXiv:2412.06559: the share of wrong answers whose first wrong
 * step is found, and of right answers in which none is found; their harmonic mean is the figure to compare.
 *
 * @param accuracy over all steps; its interval takes answers as independent, not the steps of an answer
 * @param right on right steps; null for none
 * @param wrong on wrong steps; null for none
 * @param firstError answers with a wrong step, of which the first is found; null for none
 * @param noError answers without one, in which none is found; null for none
 */
public record StepReport(
        Proportion accuracy,
        @Nullable Proportion right,
        @Nullable Proportion wrong,
        @Nullable Proportion firstError,
        @Nullable Proportion noError) {

    /**
     * Of scored answers.
     *
     * @param rows at least one
     * @param probabilities for each row the probability that each of its steps is right
     */
    public static StepReport of(List<LabeledSteps> rows, List<double[]> probabilities) {
        Count right = new Count();
        Count wrong = new Count();
        Count found = new Count();
        Count clean = new Count();
        List<double[]> credits = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<Boolean> labels = rows.get(i).labels();
            double[] own = probabilities.get(i);
            double[] credit = new double[own.length];
            int firstFound = -1;
            for (int k = 0; k < own.length; k++) {
                boolean said = own[k] > 0.5;
                boolean hit = said == labels.get(k);
                (labels.get(k) ? right : wrong).add(hit);
                credit[k] = hit ? 1 : 0;
                firstFound = firstFound < 0 && !said ? k : firstFound;
            }
            credits.add(credit);
            int first = labels.indexOf(false);
            (first < 0 ? clean : found).add(first == firstFound);
        }
        return new StepReport(
                Proportion.ofClusters(credits), right.share(), wrong.share(), found.share(), clean.share());
    }

    /** For {@code summary.json}; names are on the metrics page, and what could not be measured is null. */
    public Map<String, @Nullable Object> toRow() {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("eval_steps", (int) accuracy.trials());
        row.put("eval_accuracy", accuracy.rate());
        row.put("eval_accuracy_low", accuracy.interval().low());
        row.put("eval_accuracy_high", accuracy.interval().high());
        row.put("eval_accuracy_right", rate(right));
        row.put("eval_accuracy_wrong", rate(wrong));
        row.put("eval_first_error_accuracy", rate(firstError));
        row.put("eval_no_error_accuracy", rate(noError));
        row.put("eval_first_error_f1", f1());
        return row;
    }

    /** Harmonic mean of the two shares of answers; null where one is missing. */
    public @Nullable Double f1() {
        if (firstError == null || noError == null) {
            return null;
        }
        double sum = firstError.rate() + noError.rate();
        return sum == 0 ? 0 : 2 * firstError.rate() * noError.rate() / sum;
    }

    private static @Nullable Double rate(@Nullable Proportion share) {
        return share == null ? null : share.rate();
    }

    /** Hits of trials. */
    private static final class Count {
        private int hits;
        private int all;

        void add(boolean hit) {
            hits += hit ? 1 : 0;
            all++;
        }

        @Nullable
        Proportion share() {
            return all == 0 ? null : new Proportion(hits, all);
        }
    }
}
