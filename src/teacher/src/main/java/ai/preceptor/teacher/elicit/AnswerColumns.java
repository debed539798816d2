package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a prompt's answers beside their scores, as columns of what is made of them: which of several students
 * wrote which, what a judge wrote ({@value #CRITIQUES}), and each part of the scores under the part's name.
 *
 * @param answers a prompt's, by their texts
 */
record AnswerColumns(Map<Text, ScoredAnswer> answers) {
    private static final String CRITIQUES = "critiques";

    RankedGroup named(RankedGroup group) {
        List<@Nullable String> models = new ArrayList<>();
        group.responses().forEach(response -> models.add(model(response)));
        return isOne()
                ? judged(group)
                : judged(new RankedGroup(with(group.prompt(), "models", models), group.responses(), group.scores()));
    }

    Preference named(Preference pair) {
        if (isOne()) {
            return pair;
        }
        Prompt chosen = with(pair.prompt(), "chosen_model", model(pair.chosen()));
        return new Preference(
                with(chosen, "rejected_model", model(pair.rejected())),
                pair.chosen(),
                pair.rejected(),
                pair.margin(),
                pair.chosenProbability());
    }

    /** Whether there is one student only, whose name then stands nowhere. */
    private boolean isOne() {
        return answers.values().stream().allMatch(answer -> answer.model() == null);
    }

    private @Nullable String model(Text answer) {
        ScoredAnswer scored = answers.get(answer);
        return scored == null ? null : scored.model();
    }

    private static Prompt with(Prompt prompt, String column, @Nullable Object value) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>(prompt.columns());
        columns.put(column, value);
        return new Prompt(prompt.text(), columns);
    }

    private RankedGroup judged(RankedGroup group) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        List<@Nullable String> critiques = new ArrayList<>();
        Set<String> parts = new LinkedHashSet<>();
        for (Text response : group.responses()) {
            critiques.add(score(response).critique());
            score(response).parts().forEach(part -> parts.add(part.name()));
        }
        if (critiques.stream().anyMatch(text -> text != null)) {
            columns.put(CRITIQUES, critiques);
        }
        for (String part : parts) {
            List<@Nullable Double> values = new ArrayList<>();
            group.responses().forEach(response -> values.add(value(score(response), part)));
            columns.put(part, values);
        }
        if (columns.isEmpty()) {
            return group;
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>(group.prompt().columns());
        all.putAll(columns);
        return new RankedGroup(new Prompt(group.prompt().text(), all), group.responses(), group.scores());
    }

    private Score score(Text response) {
        ScoredAnswer answer = answers.get(response);
        return answer == null ? Score.unscored("no answer") : answer.score();
    }

    private static @Nullable Double value(Score score, String part) {
        for (Score.Part own : score.parts()) {
            if (own.name().equals(part)) {
                return Double.isNaN(own.value()) ? null : own.value();
            }
        }
        return null;
    }
}
