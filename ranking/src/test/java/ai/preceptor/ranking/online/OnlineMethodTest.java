package ai.preceptor.ranking.online;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.Trajectory;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.unpaired.KtoLoss;
import ai.preceptor.ranking.unpaired.LabeledRow;
import ai.preceptor.train.sampling.FakeSampler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnlineMethodTest {
    /** Best and worst of a prompt are compared with those of the prompt before, never with each other. */
    @Test
    void labels_mismatchedAnswers_areOfThePromptBefore() {
        List<SampledRow<LabeledRow>> rows = labeled(3);
        assertThat(rows.stream().map(row -> row.row().labeled().completion()))
                .containsExactlyElementsOf(texts("answer %d to %d", 0, 0, 1, 0, 0, 1, 1, 1, 0, 2, 1, 2));
        assertThat(rows.stream().map(row -> row.row().mismatched()))
                .containsExactlyElementsOf(texts("answer %d to %d", 0, 2, 1, 2, 0, 0, 1, 0, 0, 1, 1, 1));
        assertThat(rows.stream().map(row -> row.row().labeled().label()))
                .containsExactly(true, false, true, false, true, false);
    }

    /** Where a step found no other prompt to learn from. */
    @Test
    void labels_aPromptAlone_keepsItsOwn() {
        assertThat(labeled(1).stream().map(row -> row.row().mismatched()))
                .containsExactlyElementsOf(texts("answer %d to %d", 0, 0, 1, 0));
    }

    @SuppressWarnings("unchecked") // of a loss over labels
    private static List<SampledRow<LabeledRow>> labeled(int prompts) {
        OnlineMethod<LabeledRow> method =
                (OnlineMethod<LabeledRow>) OnlineMethod.of(new RankMethod.Unpaired(KtoLoss.kto(0.1)), null, 0);
        List<Trajectory> answers = new FakeSampler(FakeSampler::usual, new ArrayList<>(), prompts, 0, 0).next(prompts);
        List<List<Trajectory>> groups = new ArrayList<>();
        for (int i = 0; i < answers.size(); i += 2) {
            groups.add(answers.subList(i, i + 2));
        }
        return method.rows(groups);
    }

    private static List<Text> texts(String format, int... answerAndPrompt) {
        List<Text> all = new ArrayList<>();
        for (int i = 0; i < answerAndPrompt.length; i += 2) {
            all.add(Prompt.user("a chat").reply(format.formatted(answerAndPrompt[i], answerAndPrompt[i + 1])));
        }
        return all;
    }
}
