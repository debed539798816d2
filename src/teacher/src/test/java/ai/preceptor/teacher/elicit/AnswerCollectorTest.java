package ai.preceptor.teacher.elicit;

import static ai.preceptor.teacher.elicit.Fakes.answer;
import static ai.preceptor.teacher.elicit.Fakes.elicited;
import static ai.preceptor.teacher.elicit.Fakes.unscored;
import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerCollectorTest {
    /** Scores by the other answers, so it gets all of them again; this time it has nothing to say about the first. */
    private static final Scorer FORGETFUL = new Scorer() {
        @Override
        public String name() {
            return "forgetful";
        }

        @Override
        public List<Score> score(List<Answer> answers) {
            return answers.stream()
                    .map(one -> one.text().asString().equals("a") ? Score.unscored("lost") : Score.of(0.25))
                    .toList();
        }

        @Override
        public boolean isRelative() {
            return true;
        }
    };

    @Test
    void resumed_answerWithAScore_keepsItWhereTheTeacherGivesNoneNow() {
        MemoryLedger ledger = new MemoryLedger();
        Elicited known = elicited("p", answer("a", 1), answer("b", 0.5), unscored("c", "busy"));
        ledger.add(0, known);
        CollectedAnswers collected = AnswerCollector.scoring(FORGETFUL, List.of(known), 4)
                .collect(List.of(known.prompt()), ledger, PromptProgress.UNHEARD);
        assertThat(collected.rows())
                .containsExactly(elicited("p", answer("a", 1), answer("b", 0.25), answer("c", 0.25)));
    }
}
