package ai.preceptor.data.rows;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.data.source.RowException;
import ai.preceptor.data.source.RowPlace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of any format and the place it came from, so that a file can be sifted without rewriting its rows.
 *
 * @param place where it stands
 * @param source its text: the line as it stands in the file, without its end, or JSON made of what another format has
 * @param kind its format
 * @param prompt with the row's other columns, to which a preference's {@code margin} and {@code chosen_probability} belong
 * @param answers in the row's order, chosen before rejected; of bare messages the whole conversation, and of a prompt none
 * @param scores of the answers where the format has them, else empty; copied
 * @param margin of a preference that has one
 * @param unusable why nothing can be learnt from it, or null
 */
public record SourceRow(
        RowPlace place,
        String source,
        Kind kind,
        Prompt prompt,
        List<Text> answers,
        List<Double> scores,
        @Nullable Double margin,
        @Nullable String unusable)
        implements Prompted {

    /** Copies the lists. */
    public SourceRow {
        answers = List.copyOf(answers);
        scores = List.copyOf(scores);
    }

    /** Its number in its file, from 1: that of its line, or its place where the format has no lines. */
    public long line() {
        return place.number();
    }

    /** A row's format. */
    public enum Kind {
        /** {@code prompt}, {@code responses}, {@code scores}. */
        RANKED,
        /** {@code chosen}, {@code rejected}. */
        PREFERENCES,
        /** {@code prompt}, {@code completion}, {@code label}. */
        UNPAIRED,
        /** {@code prompt}, {@code completion}; or {@code messages}. */
        DEMONSTRATIONS,
        /** {@code prompt} alone. */
        PROMPTS;

        private static Kind of(Row row) throws RowException {
            if (row.has("responses")) {
                return RANKED;
            }
            if (row.has("chosen")) {
                return PREFERENCES;
            }
            if (row.has("completion")) {
                return row.has("label") ? UNPAIRED : DEMONSTRATIONS;
            }
            if (row.has("messages")) {
                return DEMONSTRATIONS;
            }
            if (row.has("completions")) {
                throw new RowException(
                        "key \"completions\": expected rows of one answer, or of responses with scores, found"
                                + " labeled steps or sampled answers, which are not read here");
            }
            if (row.has("prompt")) {
                return PROMPTS;
            }
            throw new RowException(
                    "expected the keys of prompts (prompt), preferences (chosen, rejected), ranked groups"
                            + " (prompt, responses, scores) or demonstrations (prompt, completion; messages); the row has the keys "
                            + row.keys());
        }
    }

    /** Takes the rows of a file apart, all as the first one wants it. */
    static final class Parser implements DatasetReader.Parser<SourceRow> {
        private @Nullable Kind known;

        @Override
        public SourceRow parse(Row row) throws RowException {
            Kind kind = known == null ? Kind.of(row) : known;
            SourceRow parsed = switch (kind) {
                case RANKED -> ranked(row);
                case PREFERENCES -> preference(row);
                case UNPAIRED -> unpaired(row);
                case DEMONSTRATIONS -> demonstration(row);
                case PROMPTS -> made(row, kind, Datasets.prompt(row), List.of(), null);
            };
            known = kind;
            return parsed;
        }

        private static SourceRow ranked(Row row) throws RowException {
            RankedGroup group = Datasets.rankedGroup(row);
            DropReason reason = Datasets.dropReason(group);
            return new SourceRow(
                    row.place(),
                    row.source(),
                    Kind.RANKED,
                    group.prompt(),
                    group.responses(),
                    group.scores(),
                    null,
                    reason == null ? null : reason.label());
        }

        private static SourceRow preference(Row row) throws RowException {
            Preference pair = PreferenceRow.parse(row);
            DropReason reason = PreferenceRow.dropReason(pair);
            return new SourceRow(
                    row.place(),
                    row.source(),
                    Kind.PREFERENCES,
                    new Prompt(pair.prompt().text(), columns(pair)),
                    List.of(pair.chosen(), pair.rejected()),
                    List.of(),
                    pair.margin(),
                    reason == null ? null : reason.label());
        }

        private static Map<String, @Nullable Object> columns(Preference pair) {
            Map<String, @Nullable Object> columns =
                    new LinkedHashMap<>(pair.prompt().columns());
            if (pair.margin() != null) {
                columns.put(RowFormat.MARGIN, pair.margin());
            }
            if (pair.chosenProbability() != null) {
                columns.put(RowFormat.PROBABILITY, pair.chosenProbability());
            }
            return columns;
        }

        private static SourceRow unpaired(Row row) throws RowException {
            LabeledCompletion one = Datasets.labeledCompletion(row);
            return made(
                    row, Kind.UNPAIRED, one.prompt(), List.of(one.completion()), Datasets.ifBlank(one.completion()));
        }

        private static SourceRow demonstration(Row row) throws RowException {
            Demonstration one = Datasets.demonstration(row);
            return made(
                    row,
                    Kind.DEMONSTRATIONS,
                    one.prompt(),
                    List.of(one.completion()),
                    Datasets.ifBlank(one.completion()));
        }

        private static SourceRow made(
                Row row, Kind kind, Prompt prompt, List<Text> answers, @Nullable DropReason reason) {
            String unusable = reason == null ? null : reason.label();
            return new SourceRow(row.place(), row.source(), kind, prompt, answers, List.of(), null, unusable);
        }
    }
}
