package ai.preceptor.teacher.elicit;

import static ai.preceptor.teacher.elicit.Fakes.answer;
import static ai.preceptor.teacher.elicit.Fakes.completion;
import static ai.preceptor.teacher.elicit.Fakes.elicited;
import static ai.preceptor.teacher.elicit.Fakes.prompts;
import static ai.preceptor.teacher.elicit.Fakes.unscored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswerBatchTest {
    private static final List<Prompt> PROMPTS = prompts("a", "b", "c", "a", "d", "e", "f", "g", "h");

    /** Depends on the batch and the place in it, as a seeded sampler does. */
    private static final AnswerSampler SAMPLER = (asked, stream) -> {
        List<List<Completion>> answers = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            answers.add(List.of(completion(stream + "." + i), completion("other")));
        }
        return answers;
    };

    private static final Scorer LENGTH = new Scorer() {
        @Override
        public String name() {
            return "length";
        }

        @Override
        public List<Score> score(List<Answer> answers) {
            return answers.stream()
                    .map(one -> Score.of(one.text().asString().length()))
                    .toList();
        }
    };

    /** Another process, which reads three batches before it answers the first. */
    private record Elsewhere(@Nullable Scorer teacher, List<Long> asked) implements AnswerBatch.Answering {
        @Override
        public void run(Iterator<AnswerBatch> batches, Consumer<List<Elicited>> answered) {
            Deque<byte[]> sent = new ArrayDeque<>();
            while (batches.hasNext() || !sent.isEmpty()) {
                while (sent.size() < 3 && batches.hasNext()) {
                    sent.add(batches.next().toBytes());
                }
                AnswerBatch batch = AnswerBatch.of(sent.remove());
                asked.add(batch.stream());
                byte[] answers = AnswerBatch.answersToBytes(batch.answers(SAMPLER, teacher));
                answered.accept(AnswerBatch.answersOf(answers));
            }
        }
    }

    private static MemoryLedger begun() {
        MemoryLedger ledger = new MemoryLedger();
        ledger.add(0, elicited("c", answer("1.0", 3), answer("other", 5)));
        ledger.add(1, elicited("a", unscored("1.1", "busy"), answer("other", 5)));
        ledger.add(0, elicited("f", answer("3.0", 3), answer("other", 5)));
        ledger.add(0, elicited("g", answer("3.1", 3), answer("other", 5)));
        return ledger;
    }

    @Test
    void collector_whoseBatchesAreAnsweredElsewhere_collectsWhatOneProcessDoes() {
        CollectedAnswers here = AnswerCollector.sampling(LENGTH, SAMPLER, 2).collect(PROMPTS, begun(), progress());
        List<Long> asked = new ArrayList<>();
        CollectedAnswers elsewhere = AnswerCollector.answeredBy(new Elsewhere(LENGTH, asked), true, null, 2)
                .collect(PROMPTS, begun(), progress());
        assertThat(elsewhere).isEqualTo(here);
        assertThat(asked).containsExactly(0L, 1L, 2L, 4L); // the ledger has all of batch 3
        assertThat(elsewhere.rows().get(3)).isEqualTo(elicited("a", answer("1.1", 3), answer("other", 5)));
    }

    @Test
    void collector_thatScoresItself_asksElsewhereForAnswersOnly() {
        CollectedAnswers here = AnswerCollector.sampling(LENGTH, SAMPLER, 2).collect(PROMPTS, begun(), progress());
        List<Long> asked = new ArrayList<>();
        CollectedAnswers elsewhere = AnswerCollector.answeredBy(new Elsewhere(null, asked), false, LENGTH, 2)
                .collect(PROMPTS, begun(), progress());
        assertThat(elsewhere).isEqualTo(here);
        assertThat(asked).containsExactly(0L, 2L, 4L);
    }

    /** Every batch is told of, in order. */
    private static PromptProgress progress() {
        int[] last = new int[1];
        return (done, total) -> {
            assertThat(total).isEqualTo(PROMPTS.size());
            assertThat(done).isBetween(last[0] + 1, last[0] + 2);
            last[0] = done;
        };
    }

    @Test
    void bytes_ofABatch_areReadAsTheSame() {
        Prompt column = new Prompt(Text.plain("p"), Map.of("known", 1.5, "prompt", List.of()));
        AnswerBatch batch = new AnswerBatch(
                List.of(column, Prompt.user("q")),
                Arrays.asList(
                        new Elicited(
                                column,
                                List.of(
                                        answer("x", 0.1),
                                        new ScoredAnswer(
                                                "y",
                                                false,
                                                Score.of(2)
                                                        .with(List.of(new Score.Part("one", Double.NaN, 2)))
                                                        .with("why")))),
                        null),
                7);
        assertThat(AnswerBatch.of(batch.toBytes())).isEqualTo(batch);
        assertThatThrownBy(() -> AnswerBatch.of(new byte[0]))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected its number first");
    }
}
