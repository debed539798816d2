package ai.preceptor.teacher.judge;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.teacher.chat.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Four grades from 1 to 5; the score is their mean, and each is a part of it.
 *
 * <p>Source: Cui et al. 2024, UltraFeedback, arXiv:2310.01377, section 2.2 (the four aspects). Departures: the paper asks
 * for each aspect by itself, with all answers to the prompt side by side; here one call grades one answer, so that grades
 * do not depend on the other answers and a call costs a quarter.
 */
public record AspectGrades() implements Grading {
    private static final List<String> ASPECTS =
            List.of("helpfulness", "honesty", "instruction following", "truthfulness");

    private static final ItemLines LINES = new ItemLines(
            Pattern.compile("(helpfulness|honesty|instruction following|truthfulness): ([1-5])"),
            "ASPECT: a whole number, 1 to 5");

    private static String name(String aspect) {
        return aspect.replace(' ', '_');
    }

    /** The names of the parts of its scores. */
    static List<String> names() {
        return ASPECTS.stream().map(AspectGrades::name).toList();
    }

    @Override
    public Map<String, String> places(Answer answer) {
        return Map.of(JudgePrompts.ANSWER, answer.text().asString());
    }

    /** A reply without one of the grades is no score; its other grades are parts all the same. */
    @Override
    public Score read(Answer answer, Asked reply) {
        Reading<Map<String, String>> read = LINES.of(reply);
        if (read.value() == null) {
            return Score.unscored(read.problem());
        }
        List<Score.Part> parts = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        double sum = 0;
        for (String aspect : ASPECTS) {
            String grade = read.value().get(aspect);
            double value = grade == null ? Double.NaN : Integer.parseInt(grade);
            sum += value;
            parts.add(new Score.Part(name(aspect), value, 1.0 / ASPECTS.size()));
            if (grade == null) {
                missing.add(aspect);
            }
        }
        Score score = missing.isEmpty()
                ? Score.of(sum / ASPECTS.size())
                : Score.unscored("reply: expected a grade of each aspect, found none of " + String.join(", ", missing));
        return score.with(parts).with(read.critique());
    }
}
