package ai.preceptor.teacher.correction;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.teacher.chat.PromptTemplate;
import ai.preceptor.teacher.elicit.LeftOut;
import ai.preceptor.teacher.elicit.RowCounter;
import ai.preceptor.teacher.elicit.ScoredAnswer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer on its way through critiques and revisions. */
final class AnswerCorrection {
    private final Prompt prompt;
    private final ScoredAnswer first;
    private final int place;
    private final List<String> principles = new ArrayList<>();
    private final List<String> critiques = new ArrayList<>();
    private String current;
    private @Nullable LeftOut leftOut;

    AnswerCorrection(Prompt prompt, ScoredAnswer first, int place) {
        this.prompt = prompt;
        this.first = first;
        this.place = place;
        this.current = first.text();
    }

    int place() {
        return place;
    }

    boolean isOpen() {
        return leftOut == null;
    }

    void leave(LeftOut reason) {
        leftOut = reason;
    }

    void by(String principle) {
        principles.add(principle);
    }

    void criticized(String critique) {
        critiques.add(critique);
    }

    void revised(String answer) {
        current = answer;
    }

    /** For the templates; the critique is the last one, if there is one. */
    Map<String, String> values() {
        return Map.of(
                "prompt",
                PromptTemplate.prompt(prompt),
                "answer",
                current,
                "principle",
                principles.get(principles.size() - 1),
                "critique",
                critiques.isEmpty() ? "" : critiques.get(critiques.size() - 1));
    }

    void count(RowCounter<Preference> counter) {
        if (!first.finished()) {
            counter.truncated();
        }
        if (leftOut == null && current.strip().equals(first.text().strip())) {
            leftOut = LeftOut.UNCHANGED;
        }
        if (leftOut != null) {
            counter.leave(leftOut);
            return;
        }
        Map<String, @Nullable Object> columns = new LinkedHashMap<>(prompt.columns());
        columns.put("principles", List.copyOf(principles));
        columns.put("critiques", List.copyOf(critiques));
        if (first.model() != null) {
            columns.put("model", first.model());
        }
        counter.keep(
                new Preference(new Prompt(prompt.text(), columns), prompt.reply(current), prompt.reply(first.text())));
    }
}
