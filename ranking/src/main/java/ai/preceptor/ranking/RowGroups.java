package ai.preceptor.ranking;

import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import java.util.List;

/** What a row is to a ranking objective: a group of answers with scores. */
final class RowGroups {

    private RowGroups() {}

    /** A preference is the group of its two answers with scores 1 and 0; its margin is not used. */
    static RankedGroup of(Preference row) {
        return new RankedGroup(row.prompt(), List.of(row.chosen(), row.rejected()), List.of(1.0, 0.0));
    }
}
