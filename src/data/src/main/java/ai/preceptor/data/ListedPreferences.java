package ai.preceptor.data;

import java.util.List;

/** A source over a list. */
final class ListedPreferences implements PreferenceSource {
    private final List<Preference> rows;
    private int next;

    ListedPreferences(List<Preference> rows) {
        this.rows = List.copyOf(rows);
    }

    @Override
    public List<Preference> next(int max) {
        if (max < 1) {
            throw new IllegalArgumentException("max: expected 1 or more, received " + max);
        }
        int from = next;
        next = Math.min(rows.size(), from + max);
        return rows.subList(from, next);
    }
}
