package ai.preceptor.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.eval.AnswerSet;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers are the numbers that are their rewards; one that is a word has none. */
class BestOfNTest {
    private static final Scorer NUMBERS = new Scorer() {
        @Override
        public String name() {
            return "numbers";
        }

        @Override
        public List<Score> score(List<Answer> answers) {
            return answers.stream()
                    .map(answer -> answer.text().asString())
                    .map(text -> text.matches("[0-9]+") ? Score.of(Integer.parseInt(text)) : Score.unscored("a word"))
                    .toList();
        }
    };

    private static BestOfN of(int samples, String... answers) {
        List<List<Completion>> completions = Arrays.stream(answers)
                .map(own -> Arrays.stream(own.split(" "))
                        .map(text -> new Completion(text, new int[] {1}, new float[] {0}, FinishReason.STOP))
                        .toList())
                .toList();
        List<Prompt> prompts =
                completions.stream().map(own -> Prompt.plain("How many?")).toList();
        return new BestOfN(new AnswerSet(prompts, completions), samples, NUMBERS);
    }

    private static List<List<String>> texts(AnswerSet answers) {
        return answers.completions().stream()
                .map(own -> own.stream().map(Completion::text).toList())
                .toList();
    }

    @Test
    void best_ofTheFirstAnswers_isTheOneWithTheHighestReward() {
        BestOfN four = of(1, "3 1 9 4", "0 5 2 5");
        assertThat(four.most()).isEqualTo(4);
        assertThat(texts(four.best(2))).containsExactly(List.of("3"), List.of("5"));
        assertThat(texts(four.best(3))).containsExactly(List.of("9"), List.of("5"));
        assertThat(four.best(4).completions().get(1).get(0))
                .as("of equal rewards the first")
                .isSameAs(four.best(2).completions().get(1).get(0));
    }

    @Test
    void best_withoutReward_isTakenOnlyIfNoneHasOne() {
        assertThat(texts(of(1, "one 2 three", "one two three").best(3))).containsExactly(List.of("2"), List.of("one"));
    }

    /** Every second answer belongs to one choice: of the first 4 those are 1 and 3, and 8 and 2. */
    @Test
    void best_severalSamples_areOfDifferentAnswers() {
        BestOfN three = of(2, "1 8 3 2 5 9");
        assertThat(three.most()).isEqualTo(3);
        assertThat(texts(three.best(2))).containsExactly(List.of("3", "8"));
        assertThat(texts(three.best(3))).containsExactly(List.of("5", "9"));
        assertThat(texts(of(2, "1 8 3 2").best(2))).isEqualTo(texts(three.best(2)));
    }

    /** log 2 - 1/2 and log 4 - 3/4. */
    @Test
    void klBound_byHand() {
        assertThat(BestOfN.klBound(1)).isZero();
        assertThat(BestOfN.klBound(2)).isEqualTo(0.193147, within(1e-6));
        assertThat(BestOfN.klBound(4)).isEqualTo(0.636294, within(1e-6));
    }
}
