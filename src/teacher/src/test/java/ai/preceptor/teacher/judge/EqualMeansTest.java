package ai.preceptor.teacher.judge;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.Verdict;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.elicit.Elicitation;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.elicit.GroupOutcome;
import ai.preceptor.teacher.elicit.PairRule;
import ai.preceptor.teacher.elicit.PreferenceSelection;
import ai.preceptor.teacher.elicit.ScoredAnswer;
import ai.preceptor.teacher.selection.AnswerSelection;
import ai.preceptor.teacher.selection.SelectionRule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers that are equally good in the mean have equal scores, whatever the order and the number of what is averaged. */
class EqualMeansTest {
    private static final Prompt PROMPT = Prompt.user("Name a bird.");

    private static ChatModel grading(int alpha, int beta) {
        return ScriptedChat.saying(
                request -> "Score: " + (ScriptedChat.question(request).contains("alpha") ? alpha : beta));
    }

    /** 8 is the mean of 8, 8, 8 and of 6, 8, 10; the weighted sum of the latter is 7.999999999999999. */
    @Test
    void gradesOfAPanel_tie_andReachAThreshold() {
        List<Score> scores = JudgeSettings.of(TeacherMode.SCORE)
                .scorer(List.of(grading(8, 6), grading(8, 8), grading(8, 10)), 0)
                .score(List.of(Answer.of(PROMPT, "alpha"), Answer.of(PROMPT, "beta")));
        assertThat(scores).extracting(Score::value).containsExactly(8.0, 8.0);
        List<Elicited> rows = List.of(new Elicited(
                PROMPT,
                List.of(
                        new ScoredAnswer("alpha", true, scores.get(0)),
                        new ScoredAnswer("beta", true, scores.get(1)))));
        Elicitation selected = new PreferenceSelection(PairRule.BEST_WORST, 0, true).select(rows, 0);
        assertThat(selected.report().prompts()).containsEntry(GroupOutcome.TIE, 1);
        assertThat(new AnswerSelection(SelectionRule.THRESHOLD, 8.0, null, false)
                        .demonstrations(rows)
                        .rows())
                .hasSize(2);
    }

    /** Every sum of five grades from 5 to 9 has one mean. */
    @Test
    void everyOrderOfGrades_hasTheSameMean() {
        for (int low = 5; low < 9; low++) {
            for (int high = low + 1; high <= 9; high++) {
                List<ChatModel> panel = new ArrayList<>();
                for (int k = 0; k < 5; k++) {
                    panel.add(grading(k < 2 ? low : high, k < 3 ? high : low));
                }
                List<Score> scores = JudgeSettings.of(TeacherMode.SCORE)
                        .scorer(panel, 0)
                        .score(List.of(Answer.of(PROMPT, "alpha"), Answer.of(PROMPT, "beta")));
                assertThat(scores.get(0).value()).isEqualTo((2 * low + 3 * high) / 5.0);
                assertThat(scores.get(1).value()).isEqualTo((2 * low + 3 * high) / 5.0);
            }
        }
    }

    /** Of six answers, the ranks 1, 1, 4 and 2, 3, 1 have the same mean. */
    @Test
    void ranksOfSeveralVotes_tie() {
        List<Answer> answers = List.of("a", "b", "c", "d", "e", "f").stream()
                .map(text -> Answer.of(PROMPT, text))
                .toList();
        List<String> orders = List.of("abcdef", "acbdef", "bcdaef");
        int[] vote = {0};
        ScriptedChat model = ScriptedChat.saying(request -> RankScorerTest.ranking(request, orders.get(vote[0]++ % 3)));
        List<Score> scores = new JudgeSettings(TeacherMode.RANK, null, 64, 3, null, null, null, null)
                .scorer(model, 0)
                .score(answers);
        assertThat(scores.subList(0, 2)).extracting(Score::value).containsExactly(0.8, 0.8);
    }

    /** A panel whose verdicts are 1/2, 2/3 and 1/3 prefers neither. */
    @Test
    void verdictsOfAPanel_tie() {
        List<Judge> judges = new ArrayList<>();
        for (double preference : new double[] {0.5, 2 / 3.0, 1 / 3.0}) {
            judges.add(new Judge() {
                @Override
                public String name() {
                    return "fixed";
                }

                @Override
                public List<Verdict> compare(List<Comparison> comparisons) {
                    return List.of(Verdict.of(preference));
                }
            });
        }
        Comparison comparison = new Comparison(PROMPT, PROMPT.reply("alpha"), PROMPT.reply("beta"));
        assertThat(new PanelJudge(judges).compare(List.of(comparison))).containsExactly(Verdict.TIE);
    }
}
