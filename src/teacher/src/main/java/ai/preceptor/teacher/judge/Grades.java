package ai.preceptor.teacher.judge;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.teacher.chat.Asked;
import java.util.Map;

/** One grade, a whole number from 1 to 10. */
public record Grades() implements Grading {
    @Override
    public Map<String, String> places(Answer answer) {
        return Map.of(JudgePrompts.ANSWER, answer.text().asString());
    }

    @Override
    public Score read(Answer answer, Asked reply) {
        Reading<String> read = LastLine.SCORE.of(reply);
        return read.value() == null
                ? Score.unscored(read.problem())
                : Score.of(Integer.parseInt(read.value())).with(read.critique());
    }
}
