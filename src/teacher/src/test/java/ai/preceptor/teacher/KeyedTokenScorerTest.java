package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.tokens.TokenScorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyedTokenScorerTest extends TokenScorerContract {
    /** Gives every token the same number. */
    private record Constant(String name, float value, List<String> events) implements TokenScorer {
        @Override
        public void check(List<Prompt> prompts, double temperature) {
            events.add(name + " checks " + prompts.size() + " at " + temperature);
        }

        @Override
        public List<float[]> logprobs(List<Trajectory> trajectories, double temperature) {
            return trajectories.stream()
                    .map(one -> {
                        float[] same = new float[one.completion().length()];
                        Arrays.fill(same, value);
                        return same;
                    })
                    .toList();
        }

        @Override
        public void close() {
            events.add(name + " closed");
        }
    }

    private final List<String> events = new ArrayList<>();

    @Override
    protected KeyedTokenScorer scorer() {
        Map<String, TokenScorer> teachers = new LinkedHashMap<>();
        teachers.put("a", new Constant("one", -1, events));
        teachers.put("b", new Constant("two", -2, events));
        return new KeyedTokenScorer(teachers);
    }

    @Test
    void logprobs_areThoseOfThePromptsTeacher_inTheOrderOfTheAnswers() {
        List<float[]> found = scorer().logprobs(
                        List.of(
                                trajectory("b", new int[] {1}, 4, 5),
                                trajectory("a", new int[] {1}, 6),
                                trajectory("b", new int[] {1}, 7)),
                        1);
        assertThat(found.get(0)).containsExactly(-2f, -2f);
        assertThat(found.get(1)).containsExactly(-1f);
        assertThat(found.get(2)).containsExactly(-2f);
        assertThat(scorer().name()).isEqualTo("a=one,b=two");
    }

    @Test
    void check_givesEachItsPrompts_andCloseClosesAll() {
        try (TokenScorer scorer = scorer()) {
            scorer.check(List.of(prompt("b"), prompt("a"), prompt("b")), 0.5);
        }
        assertThat(events).containsExactly("one checks 1 at 0.5", "two checks 2 at 0.5", "one closed", "two closed");
    }

    @Test
    void unknownKey_isNamedWithThoseThatAreKnown() {
        assertThatThrownBy(() -> scorer().check(List.of(prompt("a"), prompt("c")), 1))
                .isInstanceOf(DataException.class)
                .hasMessage("prompt 1 (0-based): teacher_key: expected one of [a, b], found \"c\"");
        assertThatThrownBy(() -> scorer().check(List.of(Prompt.plain("x")), 1))
                .isInstanceOf(DataException.class)
                .hasMessage("prompt 0 (0-based): teacher_key: expected one of [a, b], found none");
        assertThatThrownBy(() -> scorer().logprobs(List.of(trajectory("c", new int[] {1}, 2)), 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected one of [a, b], found \"c\"");
    }

    private static Prompt prompt(String key) {
        return trajectory(key, new int[] {1}, 2).prompt();
    }
}
