package ai.preceptor.teacher;

import ai.preceptor.data.Score;
import org.jspecify.annotations.Nullable;

/**
 * A judge's answer to one comparison, or the reason why there is none. A comparison without a verdict is no loss of
 * either side.
 *
 * @param preference for the first answer, in [0, 1]: 1 the first is better, 0 the second, 0.5 neither; NaN if undecided
 * @param problem null if decided, else why not
 * @param critique what the judge wrote where it read the first answer first: untrusted text; null if nothing
 * @param turned what it wrote where it read the second answer first
 */
public record Verdict(
        double preference,
        @Nullable String problem,
        @Nullable String critique,
        @Nullable String turned) {

    /** Neither answer is better. */
    public static final Verdict TIE = of(0.5);

    /** @throws IllegalArgumentException if a decided preference is not in [0, 1], or an undecided one is not NaN */
    public Verdict {
        if (problem == null && !(preference >= 0 && preference <= 1)) {
            throw new IllegalArgumentException("preference: " + preference + ", must be in [0, 1]");
        }
        if (problem != null && !Double.isNaN(preference)) {
            throw new IllegalArgumentException(
                    "preference: " + preference + ", must be NaN where there is no verdict (" + problem + ")");
        }
    }

    /** A verdict without words. */
    public Verdict(double preference, @Nullable String problem) {
        this(preference, problem, null, null);
    }

    /** A verdict. */
    public static Verdict of(double preference) {
        return new Verdict(preference, null);
    }

    /** The same with the judge's words. */
    public Verdict with(@Nullable String ofFirst, @Nullable String ofSecond) {
        return new Verdict(preference, problem, ofFirst, ofSecond);
    }

    /** No verdict, and why. */
    public static Verdict undecided(String why) {
        return new Verdict(Double.NaN, why);
    }

    /** True if there is a verdict. */
    public boolean isDecided() {
        return problem == null;
    }

    /** The same verdict on the swapped comparison. */
    public Verdict swapped() {
        return new Verdict(isDecided() ? 1 - preference : preference, problem, turned, critique);
    }

    /** The preference as a score of the first answer. */
    public Score asScore() {
        return new Score(preference, problem);
    }
}
