package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of several students wrote which answer, as columns of what is made of them.
 *
 * @param answers a prompt's, by their texts
 */
record Authors(Map<Text, ScoredAnswer> answers) {

    RankedGroup named(RankedGroup group) {
        List<@Nullable String> models = new ArrayList<>();
        group.responses().forEach(response -> models.add(model(response)));
        return isOne()
                ? group
                : new RankedGroup(with(group.prompt(), "models", models), group.responses(), group.scores());
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
}
