package ai.preceptor.teacher.curate;

import ai.preceptor.data.Message;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.SourceRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

    /**
     * What it consists of, in order, with what messages say besides their words, such as tool calls; empty if the row has
     * nothing of it.
     */
    List<String> parts(SourceRow row) {
        List<String> parts = new ArrayList<>();
        if (this != ANSWERS && !row.prompt().text().isBlank()) {
            parts.add(said(row.prompt().text()));
        }
        if (this != PROMPT) {
            row.answers().forEach(answer -> parts.add(said(answer)));
        }
        return parts;
    }

    private static String said(Text text) {
        return text instanceof Text.Chat chat
                ? chat.messages().stream().map(RowText::said).collect(Collectors.joining("\n"))
                : text.asString();
    }

    private static String said(Message message) {
        Map<String, @Nullable Object> more = new TreeMap<>(message.extra());
        more.values().removeIf(Objects::isNull);
        if (message.partsBesideText().isEmpty()) {
            more.remove(Message.PARTS);
        }
        return more.isEmpty() ? message.content() : message.content() + "\n" + more;
    }

    private static List<String> prompt(SourceRow row) {
        String prompt = row.prompt().text().asString();
        return prompt.isEmpty() ? List.of() : List.of(prompt);
    }
}
