package ai.preceptor.teacher.elicit;

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
 * What a teacher said of answers beside their scores, as columns of a ranked group with a value for each response: {@value
 * #CRITIQUES}, and one for each part of the scores under the part's name.
 *
 * @param answers a prompt's, by their texts
 */
record Judgments(Map<Text, ScoredAnswer> answers) {
    private static final String CRITIQUES = "critiques";

    RankedGroup added(RankedGroup group) {
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
