package ai.preceptor.cli.command;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Message;
import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.ranking.unpaired.LabeledRow;
import ai.preceptor.teacher.elicit.PreferenceRows;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How rows of one kind are read, and written so that they are read back.
 *
 * @param reader reads a file
 * @param row a row as JSON
 */
public record RowFormat<R>(Reader<R> reader, Function<R, Map<String, @Nullable Object>> row) {
    /** Reads a file of one format. */
    @FunctionalInterface
    public interface Reader<R> {
        Dataset<R> read(Path file, int maxRows, OnBadRow onBadRow);
    }

    /**
     * The same rows, of which those that cannot be encoded are bad ones.
     *
     * @param model whose tokenizer and template are used
     * @param boundary what to do where a prompt's ids are not a prefix
     * @param encoding turns a row into ids as the command will
     */
    public RowFormat<R> encodable(Path model, Boundary boundary, EncodableRows.Encoding<R> encoding) {
        return new RowFormat<>(new EncodableRows<>(reader, model, boundary, encoding), row);
    }

    public static RowFormat<Preference> preferences() {
        return new RowFormat<>(Datasets::preferences, PreferenceRows::of);
    }

    public static RowFormat<RankedGroup> rankedGroups() {
        return new RowFormat<>(Datasets::rankedGroups, PreferenceRows::of);
    }

    public static RowFormat<Demonstration> demonstrations() {
        return new RowFormat<>(Datasets::demonstrations, RowFormat::row);
    }

    /** Single answers with a verdict, as they stand in the file or as its pairs or groups imply them. */
    public static RowFormat<LabeledCompletion> verdicts(RankRows kind) {
        Reader<LabeledCompletion> reader = switch (kind) {
            case VERDICTS -> Datasets::unpaired;
            case PAIRS -> new LabeledRows<>(Datasets::preferences, LabeledRow::of);
            case GROUPS -> new LabeledRows<>(Datasets::rankedGroups, LabeledRow::of);
        };
        return new RowFormat<>(reader, RowFormat::row);
    }

    private static Map<String, @Nullable Object> row(LabeledCompletion judged) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("prompt", text(judged.prompt().text()));
        row.put("completion", text(judged.completion()));
        row.put("label", judged.label());
        judged.prompt().columns().forEach(row::putIfAbsent);
        return row;
    }

    private static Map<String, @Nullable Object> row(Demonstration demonstration) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        Text prompt = demonstration.prompt().text();
        if (prompt instanceof Text.Chat chat && chat.messages().isEmpty()) {
            row.put("messages", text(demonstration.completion()));
        } else {
            row.put("prompt", text(prompt));
            row.put("completion", text(demonstration.completion()));
        }
        demonstration.prompt().columns().forEach(row::putIfAbsent);
        return row;
    }

    private static Object text(Text text) {
        return text instanceof Text.Chat chat
                ? chat.messages().stream().map(Message::toMap).toList()
                : text.asString();
    }
}
