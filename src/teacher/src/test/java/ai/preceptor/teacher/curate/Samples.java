package ai.preceptor.teacher.curate;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.data.source.RowPlace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Rows for tests, on lines 1, 2, ... */
final class Samples {
    private Samples() {}

    static List<SourceRow> prompts(String... texts) {
        List<SourceRow> rows = new ArrayList<>();
        for (String text : texts) {
            rows.add(row(rows.size() + 1, SourceRow.Kind.PROMPTS, Map.of(), List.of(), text));
        }
        return rows;
    }

    static SourceRow ranked(long line, Double... scores) {
        return row(line, SourceRow.Kind.RANKED, Map.of(), Arrays.asList(scores), "p", "a", "b");
    }

    static SourceRow prompt(RowPlace place, String text) {
        return new SourceRow(place, "{}", SourceRow.Kind.PROMPTS, Prompt.plain(text), List.of(), List.of(), null, null);
    }

    static SourceRow row(
            long line,
            SourceRow.Kind kind,
            Map<String, Object> columns,
            List<Double> scores,
            String prompt,
            String... answers) {
        List<Text> texts = Arrays.stream(answers).map(Text::plain).toList();
        return new SourceRow(
                RowPlace.line(Path.of("rows.jsonl"), line),
                "{}",
                kind,
                new Prompt(Text.plain(prompt), columns),
                texts,
                scores,
                null,
                null);
    }
}
