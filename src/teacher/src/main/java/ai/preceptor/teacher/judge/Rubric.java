package ai.preceptor.teacher.judge;

import ai.preceptor.data.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an answer to one prompt is measured by: criteria that it meets or not.
 *
 * <pre>  score = clip(points of the criteria met / sum of the positive points, 0, 1)</pre>
 *
 * <p>A criterion with negative points describes a fault. Sources: Arora et al. 2025, HealthBench, arXiv:2505.08775, section
 * 3, which clips the mean over all examples; Gunjal et al. 2025, Rubrics as Rewards, arXiv:2507.17746, eq. 1, with the
 * weights as points. Departure from the first: every answer's score is clipped, since it is a reward of its own.
 *
 * @param items at least one with positive points
 */
public record Rubric(List<Item> items) {
    /** The column of prompts: {@code [{criterion, points}]}. */
    public static final String COLUMN = "rubrics";

    private static final String CRITERION = "criterion";
    private static final String POINTS = "points";

    /**
     * A criterion.
     *
     * @param criterion what is met or not, in words; not blank
     * @param points finite and not 0
     */
    public record Item(String criterion, double points) {
        /** @throws IllegalArgumentException if the words are blank, or the points 0 or not finite */
        public Item {
            if (criterion.isBlank()) {
                throw new IllegalArgumentException(CRITERION + ": expected words, found none");
            }
            if (!Double.isFinite(points) || points == 0) {
                throw new IllegalArgumentException(POINTS + ": expected a finite number other than 0, found " + points);
            }
        }
    }

    /** @throws IllegalArgumentException if no criterion has positive points, or their sum is too large */
    public Rubric {
        items = List.copyOf(items);
        if (!Double.isFinite(positive(items))) {
            throw new IllegalArgumentException(
                    COLUMN + ": expected points whose sum is finite, found " + positive(items));
        }
        if (positive(items) <= 0) {
            throw new IllegalArgumentException(
                    COLUMN + ": expected a criterion with positive points, found none among " + items.size());
        }
    }

    /**
     * A prompt's own, from its column {@value #COLUMN}.
     *
     * @throws IllegalArgumentException naming what is not as it must be
     */
    public static Rubric of(Prompt prompt) {
        Object column = prompt.columns().get(COLUMN);
        if (!(column instanceof List<?> rows)) {
            throw new IllegalArgumentException(COLUMN + ": expected a list of {criterion, points}, found "
                    + (column == null ? "none" : "\"" + column + "\""));
        }
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            items.add(item(COLUMN + "[" + i + "]", rows.get(i)));
        }
        return new Rubric(items);
    }

    private static Item item(String place, @Nullable Object row) {
        if (row instanceof Map<?, ?> map
                && map.get(CRITERION) instanceof String criterion
                && map.get(POINTS) instanceof Number points) {
            try {
                return new Item(criterion, points.doubleValue());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(place + "." + e.getMessage(), e);
            }
        }
        throw new IllegalArgumentException(place + ": expected a text criterion and a number points, found " + row);
    }

    private static double positive(List<Item> items) {
        return items.stream()
                .mapToDouble(Item::points)
                .filter(points -> points > 0)
                .sum();
    }

    /**
     * The score.
     *
     * @param met positions of the criteria that are met, from 0
     * @return in [0, 1]
     */
    public double score(Set<Integer> met) {
        double points = met.stream().mapToDouble(i -> items.get(i).points()).sum();
        return Math.max(0, Math.min(1, points / positive(items)));
    }

    /** The criteria as a judge reads them, numbered from 1, without the points. */
    String numbered() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            text.append(i == 0 ? "" : "\n")
                    .append(i + 1)
                    .append(". ")
                    .append(items.get(i).criterion());
        }
        return text.toString();
    }
}
