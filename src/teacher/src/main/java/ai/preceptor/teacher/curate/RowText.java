package ai.preceptor.teacher.curate;

import ai.preceptor.data.Text;
import ai.preceptor.data.rows.SourceRow;
import java.util.ArrayList;
import java.util.List;

/** The part of a row that a filter looks at. */
public enum RowText {
    /** The prompt. */
    PROMPT,
    /** Each answer. */
    ANSWERS,
    /** The prompt and the answers after it, as one text. */
    ALL;

    /** The texts that bounds apply to, each; empty if the row has no such part. */
    public List<String> texts(SourceRow row) {
        return switch (this) {
            case PROMPT -> prompt(row);
            case ANSWERS -> row.answers().stream().map(Text::asString).toList();
            case ALL -> List.of(joined(row));
        };
    }

    /** The same as one text, for comparing rows. */
    public String joined(SourceRow row) {
        return String.join("\n", parts(row));
    }

    /** What it consists of, in order; empty if the row has nothing of it. */
    List<String> parts(SourceRow row) {
        List<String> parts = new ArrayList<>();
        if (this != ANSWERS) {
            parts.addAll(prompt(row));
        }
        if (this != PROMPT) {
            row.answers().forEach(answer -> parts.add(answer.asString()));
        }
        return parts;
    }

    private static List<String> prompt(SourceRow row) {
        String prompt = row.prompt().text().asString();
        return prompt.isEmpty() ? List.of() : List.of(prompt);
    }
}
