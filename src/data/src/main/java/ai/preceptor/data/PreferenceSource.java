package ai.preceptor.data;

import java.util.List;

/** A stream of comparisons, from a file or from a teacher that is asked as one goes. */
public interface PreferenceSource {

    /**
     * The next comparisons.
     *
     * @param max how many are wanted at most, 1 or more
     * @return up to {@code max} comparisons; empty when the source is exhausted
     * @throws IllegalArgumentException if {@code max} is below 1
     */
    List<Preference> next(int max);

    /** A source that hands out the given comparisons once, in their order. */
    static PreferenceSource of(List<Preference> rows) {
        return new ListedPreferences(rows);
    }
}
