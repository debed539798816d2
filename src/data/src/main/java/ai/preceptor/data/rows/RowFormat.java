package ai.preceptor.data.rows;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.data.steps.LabeledSteps;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One of the row formats of data files. A prompt's columns stay columns, but for those that have the name of a key of
 * the format.
 *
 * @param reader reads a file
 * @param row a row as JSON
 */
public record RowFormat<R>(Reader<R> reader, Function<R, Map<String, @Nullable Object>> row) {
    static final String MARGIN = "margin";
    static final String PROBABILITY = "chosen_probability";

    /** {@code prompt}, {@code chosen}, {@code rejected}; {@code margin} and {@code chosen_probability} where known. */
    public static final RowFormat<Preference> PREFERENCES =
            new RowFormat<>(Datasets::preferences, RowFormat::preference);

    /** {@code prompt}, {@code responses}, {@code scores}. */
    public static final RowFormat<RankedGroup> RANKED_GROUPS =
            new RowFormat<>(Datasets::rankedGroups, RowFormat::rankedGroup);

    /** {@code prompt}, {@code completion}; or {@code messages}. */
    public static final RowFormat<Demonstration> DEMONSTRATIONS =
            new RowFormat<>(Datasets::demonstrations, RowFormat::demonstration);

    /** {@code prompt}, {@code completion}, {@code label}. */
    public static final RowFormat<LabeledCompletion> UNPAIRED =
            new RowFormat<>(Datasets::unpaired, RowFormat::unpaired);

    /** {@code prompt}, {@code completions}, {@code labels}. */
    public static final RowFormat<LabeledSteps> STEPS = new RowFormat<>(Datasets::steps, RowFormat::steps);

    /** Reads a file of one format. */
    @FunctionalInterface
    public interface Reader<R> {
        /** As the methods of {@link Datasets} do. */
        Dataset<R> read(Path file, int maxRows, OnBadRow onBadRow);
    }

    /** The same rows, read by another reader. */
    public RowFormat<R> readBy(Reader<R> other) {
        return new RowFormat<>(other, row);
    }

    /** Writes a file of these rows, or replaces it, as a whole. */
    public void write(Path file, List<R> rows) {
        writeEach(file, rows::forEach);
    }

    /** The same of rows that are made one after another. */
    public void writeEach(Path file, Consumer<Consumer<R>> rows) {
        JsonlWriter.replaceWith(file, out -> rows.accept(one -> out.accept(row.apply(one))));
    }

    private static Map<String, @Nullable Object> preference(Preference preference) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("prompt", preference.prompt().text().toJson());
        row.put("chosen", preference.chosen().toJson());
        row.put("rejected", preference.rejected().toJson());
        if (preference.margin() != null) {
            row.put(MARGIN, preference.margin());
        }
        if (preference.chosenProbability() != null) {
            row.put(PROBABILITY, preference.chosenProbability());
        }
        return withColumns(row, preference);
    }

    private static Map<String, @Nullable Object> rankedGroup(RankedGroup group) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("prompt", group.prompt().text().toJson());
        row.put("responses", group.responses().stream().map(Text::toJson).toList());
        row.put("scores", group.scores());
        return withColumns(row, group);
    }

    private static Map<String, @Nullable Object> unpaired(LabeledCompletion labeled) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("prompt", labeled.prompt().text().toJson());
        row.put("completion", labeled.completion().toJson());
        row.put("label", labeled.label());
        return withColumns(row, labeled);
    }

    private static Map<String, @Nullable Object> steps(LabeledSteps labeled) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("prompt", labeled.prompt().text().toJson());
        row.put("completions", labeled.steps());
        row.put("labels", labeled.labels());
        return withColumns(row, labeled);
    }

    private static Map<String, @Nullable Object> demonstration(Demonstration demonstration) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        Text prompt = demonstration.prompt().text();
        if (prompt instanceof Text.Chat chat && chat.messages().isEmpty()) {
            row.put("messages", demonstration.completion().toJson());
        } else {
            row.put("prompt", prompt.toJson());
            row.put("completion", demonstration.completion().toJson());
        }
        return withColumns(row, demonstration);
    }

    private static Map<String, @Nullable Object> withColumns(Map<String, @Nullable Object> row, Prompted source) {
        // a column of this name, in a row whose pair has no margin, would be read as the pair's
        Set<String> left =
                source instanceof Preference || source instanceof RankedGroup ? Set.of(MARGIN, PROBABILITY) : Set.of();
        source.prompt().columns().forEach((key, value) -> {
            if (!left.contains(key)) {
                row.putIfAbsent(key, value);
            }
        });
        return row;
    }
}
