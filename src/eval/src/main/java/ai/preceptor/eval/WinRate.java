package ai.preceptor.eval;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.ScorerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How often new answers are preferred to a baseline's.
 *
 * <p>A tie counts half; a contest without a verdict counts not at all, and is reported. A prompt's preference is the mean
 * over its contests, and the rate is the mean over prompts: every prompt counts the same.
 *
 * <p>The interval is Wilson's for an effective number of trials. With m prompts whose preferences have mean p and variance
 * v (divisor m), that number is {@code m p(1-p) / v}: as many independent contests as would give the mean this variance.
 * It is kept between m, where all contests of a prompt end alike, and the number of contests, where they are as good as
 * independent. With one contest a prompt it is m, and the interval is Wilson's own.
 *
 * @param rate in [0, 1]
 * @param interval 95 %, see above
 * @param prompts m, prompts with a decided contest
 * @param contests decided ones
 * @param ties of these
 * @param undecided contests without a verdict
 */
public record WinRate(double rate, Interval interval, int prompts, int contests, int ties, int undecided) {

    /**
     * Lets an arbiter decide between two models' answers. The k-th answer to a prompt meets the baseline's k-th, or its
     * only one.
     *
     * @param answers of the model that is measured
     * @param baseline of the model it is measured against, to the same prompts
     * @param arbiter who decides; must not favour a position
     * @throws IllegalArgumentException if the prompts differ, or the numbers of answers do not fit
     * @throws ScorerException if no contest is decided, or the arbiter's answers do not fit the contests
     */
    public static WinRate measure(AnswerSet answers, AnswerSet baseline, Arbiter arbiter) {
        answers.requireSamePrompts(baseline);
        List<Contest> contests = new ArrayList<>();
        for (int i = 0; i < answers.prompts().size(); i++) {
            contests.addAll(contests(
                    i,
                    answers.prompts().get(i),
                    answers.completions().get(i),
                    baseline.completions().get(i)));
        }
        List<Score> verdicts = arbiter.preferences(contests);
        if (verdicts.size() != contests.size()) {
            throw new ScorerException(
                    "arbiter: " + verdicts.size() + " verdicts, must be one per contest: " + contests.size());
        }
        return of(answers.byPrompt(verdicts));
    }

    private static List<Contest> contests(int index, Prompt prompt, List<Completion> ours, List<Completion> theirs) {
        if (theirs.size() != 1 && theirs.size() != ours.size()) {
            throw new IllegalArgumentException("baseline: " + theirs.size() + " answers to prompt " + index
                    + ", must be 1 or as many as the new ones: " + ours.size());
        }
        List<Contest> contests = new ArrayList<>();
        for (int k = 0; k < ours.size(); k++) {
            contests.add(new Contest(
                    prompt,
                    prompt.reply(ours.get(k).text()),
                    prompt.reply(theirs.get(theirs.size() == 1 ? 0 : k).text())));
        }
        return contests;
    }

    /**
     * The rate of given verdicts.
     *
     * @param verdicts per prompt the preferences for the new answers, each in [0, 1] or unscored
     * @throws ScorerException if none is decided, or one is not in [0, 1]
     */
    public static WinRate of(List<List<Score>> verdicts) {
        List<double[]> decided = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (List<Score> prompt : verdicts) {
            double[] values = prompt.stream()
                    .filter(Score::isScored)
                    .mapToDouble(WinRate::preference)
                    .toArray();
            if (values.length > 0) {
                decided.add(values);
            }
            prompt.stream().filter(score -> !score.isScored()).forEach(score -> problems.add("" + score.problem()));
        }
        if (decided.isEmpty()) {
            throw new ScorerException("win rate: none of " + problems.size() + " contests was decided"
                    + (problems.isEmpty() ? "" : "; the first: " + problems.get(0)));
        }
        int contests = decided.stream().mapToInt(values -> values.length).sum();
        long ties = decided.stream()
                .flatMapToDouble(Arrays::stream)
                .filter(value -> value == 0.5)
                .count();
        double[] means = decided.stream()
                .mapToDouble(values -> Arrays.stream(values).average().orElseThrow())
                .toArray();
        double rate = Arrays.stream(means).average().orElseThrow();
        double trials = effectiveTrials(means, rate, contests);
        Interval interval = new Proportion(Math.min(rate * trials, trials), trials).interval();
        return new WinRate(rate, interval, means.length, contests, (int) ties, problems.size());
    }

    private static double preference(Score score) {
        if (!(score.value() >= 0 && score.value() <= 1)) {
            throw new ScorerException("arbiter: a preference of " + score.value() + ", must be in [0, 1]");
        }
        return score.value();
    }

    private static double effectiveTrials(double[] means, double rate, int contests) {
        double variance = Arrays.stream(means)
                .map(mean -> (mean - rate) * (mean - rate))
                .average()
                .orElseThrow();
        double trials = means.length * rate * (1 - rate) / variance;
        // all prompts alike says nothing about how alike the contests of a prompt are: the cautious end
        return rate == 0 || rate == 1 ? means.length : Math.max(means.length, Math.min(contests, trials));
    }
}
