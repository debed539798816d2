package ai.preceptor.rollout;

import java.util.ArrayList;
import java.util.List;

/**
 * What the parts of a simulated run take, in seconds on a machine that does nothing else.
 *
 * @param sampling in which one generator answers all prompts of a step in one request, 0 or more
 * @param fixedShare of {@code sampling} that a request takes however few prompts it has, within [0, 1]: reading the weights for
 *     each token, and waiting for the longest answer
 * @param spread standard deviation of a prompt's part of {@code sampling} by its mean, 0 or more; its distribution is lognormal
 * @param scoring in which one scorer scores all answers of a step, 0 or more
 * @param learning from the answers of a step to weights that can be published, above 0
 * @param publication of weights, however many generators take them, 0 or more
 * @param transfer of weights to one generator, 0 or more; one after the other, since all share the learner's link
 * @param cores that sampling, scoring and learning share, one for each request at work, above 0; infinite where each process has
 *     its own
 */
public record SimulatedTimes(
        double sampling,
        double fixedShare,
        double spread,
        double scoring,
        double learning,
        double publication,
        double transfer,
        double cores) {
    /** @throws IllegalArgumentException naming all that are out of range */
    public SimulatedTimes {
        List<String> problems = new ArrayList<>();
        within(problems, "sampling", sampling, 0, Double.MAX_VALUE);
        within(problems, "fixedShare", fixedShare, 0, 1);
        within(problems, "spread", spread, 0, Double.MAX_VALUE);
        within(problems, "scoring", scoring, 0, Double.MAX_VALUE);
        within(problems, "learning", learning, Double.MIN_VALUE, Double.MAX_VALUE);
        within(problems, "publication", publication, 0, Double.MAX_VALUE);
        within(problems, "transfer", transfer, 0, Double.MAX_VALUE);
        within(problems, "cores", cores, Double.MIN_VALUE, Double.POSITIVE_INFINITY);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    private static void within(List<String> problems, String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            problems.add(name + " is " + value + ", legal: " + least + " to " + most);
        }
    }
}
