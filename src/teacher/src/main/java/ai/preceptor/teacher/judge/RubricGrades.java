package ai.preceptor.teacher.judge;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.teacher.Scores;
import ai.preceptor.teacher.chat.Asked;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which criteria of the prompt's {@link Rubric} an answer meets. One call asks for all of them; a reply that leaves one out
 * is no score, since a criterion that was not judged is not one that is not met.
 */
public record RubricGrades() implements Grading {
    private static final String MET = "met";

    private static final ItemLines LINES =
            new ItemLines(Pattern.compile("([1-9][0-9]{0,4}): (met|not met)"), "NUMBER: met or NUMBER: not met");

    @Override
    public String problem(Answer answer) {
        try {
            Rubric.of(answer.prompt());
            return "";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public Map<String, String> places(Answer answer) {
        return Map.of(
                JudgePrompts.ANSWER,
                answer.text().asString(),
                JudgePrompts.CRITERIA,
                Rubric.of(answer.prompt()).numbered());
    }

    @Override
    public Score read(Answer answer, Asked reply) {
        Reading<Map<String, String>> read = LINES.of(reply);
        Map<String, String> decided = read.value();
        if (decided == null) {
            return Score.unscored(read.problem());
        }
        Rubric rubric = Rubric.of(answer.prompt());
        Set<Integer> met = new HashSet<>();
        for (int i = 0; i < rubric.items().size(); i++) {
            String decision = decided.get(Integer.toString(i + 1));
            if (decision == null) {
                return Score.unscored("reply: expected a line for each of "
                        + rubric.items().size() + " criteria, found none for number " + (i + 1));
            }
            if (decision.equals(MET)) {
                met.add(i);
            }
        }
        if (decided.size() > rubric.items().size()) {
            return Score.unscored("reply: expected " + rubric.items().size() + " criteria, found " + decided.size());
        }
        return Score.of(Scores.rounded(rubric.score(met))).with(read.critique());
    }
}
