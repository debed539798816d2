package ai.preceptor.cli.keys;

import ai.preceptor.cli.plugin.Part;
import ai.preceptor.cli.plugin.PartOf;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.data.setting.Key;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A rule that scores answers: one that the program has, or a user's own. */
public record RuleKeys(
        @Key(help = "rule that scores answers")
        @PartOf(
                value = {ToDoubleFunction.class, Scorer.class},
                names = AnswerRule.class)
        @Nullable
        Part rule) {
    /** Whether there is one. */
    public boolean isGiven() {
        return rule != null;
    }

    /** Whether there is one and it is a user's own. */
    public boolean isOwn() {
        return rule != null && !(rule instanceof Part.Known);
    }

    /**
     * Rows of whose answers the rule can score some: one that lacks a column which the rule needs is a bad row, so it is found
     * before a model loads. All rows where there is no rule, or a user's own.
     */
    public <R extends Prompted> RowFormat.Reader<R> checked(RowFormat.Reader<R> reader) {
        return (file, maxRows, onBadRow) ->
                reader.read(file, maxRows, onBadRow).require(file, onBadRow, row -> problem(row.prompt()));
    }

    private Optional<String> problem(Prompt prompt) {
        return rule instanceof Part.Known known
                ? ((AnswerRule) known.constant())
                        .problem(prompt)
                        .map(reason -> "rule=" + known.written() + ": " + reason)
                : Optional.empty();
    }

    /**
     * The one that there is, as a scorer; the caller closes it.
     *
     * @throws ai.preceptor.data.ConfigurationException if a user's own cannot be made
     */
    public Scorer open() {
        return OwnRule.scorer(Objects.requireNonNull(rule, "given"));
    }
}
