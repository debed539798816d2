package ai.preceptor.teacher.elicit;

import static ai.preceptor.teacher.elicit.Fakes.completion;
import static ai.preceptor.teacher.elicit.Fakes.prompts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.teacher.RuleScorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PooledAnswersTest {
    private static final List<Prompt> PROMPTS = prompts("p", "q", "r");

    @TempDir
    Path directory;

    private static List<Elicited> of(String... answers) {
        AnswerSampler sampler = (prompts, stream) -> prompts.stream()
                .map(prompt -> List.of(completion(answers[(int) stream])))
                .toList();
        return AnswerCollector.sampling(null, sampler, 1)
                .collect(PROMPTS, new MemoryLedger(), PromptProgress.UNHEARD)
                .rows();
    }

    private static PooledAnswers pool() {
        PooledAnswers pool = new PooledAnswers();
        pool.add("A", of("a", "aa", "same"));
        pool.add("B", of("bbb", "b", "same"));
        return pool;
    }

    @Test
    void pooled_answersOfAllStudents_areScoredTogetherAndNamed() {
        List<String> asked = new ArrayList<>();
        Scorer length = new RuleScorer("length", answer -> {
            asked.add(answer.text().asString());
            return answer.text().asString().length();
        });
        CollectedAnswers collected = AnswerCollector.scoring(length, pool().pooled(), 2)
                .collect(PROMPTS, new MemoryLedger(), PromptProgress.UNHEARD);
        assertThat(asked).containsExactly("a", "bbb", "aa", "b", "same");
        Elicitation result =
                new PreferenceSelection(PairRule.BEST_WORST, 0, false).select(collected.rows(), collected.resumed());
        assertThat(result.groups())
                .extracting(group -> group.prompt().columns())
                .containsExactly(Map.of("models", List.of("A", "B")), Map.of("models", List.of("A", "B")));
        assertThat(result.preferences())
                .extracting(pair -> pair.prompt().columns())
                .containsExactly(
                        Map.of("chosen_model", "B", "rejected_model", "A"),
                        Map.of("chosen_model", "A", "rejected_model", "B"));
        assertThat(result.report().count(AnswerOutcome.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void ledger_remembersWhoWroteWhat() {
        Path file = directory.resolve("ledger.jsonl");
        Provenance provenance = new Provenance("rule", "A and B");
        Scorer length =
                new RuleScorer("length", answer -> answer.text().asString().length());
        List<Elicited> first;
        try (JsonlLedger ledger = JsonlLedger.open(file, provenance)) {
            first = AnswerCollector.scoring(length, pool().pooled(), 2)
                    .collect(PROMPTS, ledger, PromptProgress.UNHEARD)
                    .rows();
        }
        try (JsonlLedger ledger = JsonlLedger.open(file, provenance)) {
            CollectedAnswers again =
                    AnswerCollector.scoring(length, List.of(), 2).collect(PROMPTS, ledger, PromptProgress.UNHEARD);
            assertThat(again.rows()).isEqualTo(first);
            assertThat(again.resumed()).isEqualTo(3);
        }
    }

    @Test
    void add_ofOtherPromptsOrTwice_isRefused() {
        PooledAnswers pool = pool();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool.add("A", List.of()))
                .withMessage("model: received A twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool.add("C", List.of()))
                .withMessage("answers of C: expected the prompts of the other students");
    }
}
