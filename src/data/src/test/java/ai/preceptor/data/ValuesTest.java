package ai.preceptor.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import ai.preceptor.data.rows.ReadReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private static final Prompt PLAIN = Prompt.plain("p");
    private static final Prompt CHAT = Prompt.user("q");

    private static void illegal(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void message_toMap_putsRoleAndContentFirst() {
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("name", "x");
        extra.put("tool_calls", null);
        Message message = new Message("assistant", "c", extra);
        assertThat(message.toMap())
                .containsExactly(
                        entry("role", "assistant"),
                        entry("content", "c"),
                        entry("name", "x"),
                        entry("tool_calls", null));
        extra.put("later", 1);
        assertThat(message.extra()).doesNotContainKey("later");
    }

    @Test
    void message_badRoleOrExtra_isRefused() {
        illegal(() -> new Message(" ", "x"), "role: expected a name such as user or assistant, received \" \"");
        illegal(
                () -> new Message("user", "x", Map.of("content", "y")),
                "extra: the keys role and content have their own fields, received keys [content]");
    }

    @Test
    void text_isBlank_looksThroughMessages() {
        assertThat(Text.plain(" \n").isBlank()).isTrue();
        assertThat(Text.chat().isBlank()).isTrue();
        assertThat(Text.chat(Message.assistant(" ")).isBlank()).isTrue();
        assertThat(Text.chat(new Message("assistant", "", Map.of("tool_calls", List.of())))
                        .isBlank())
                .isFalse();
        Map<String, Object> nothing = new HashMap<>();
        nothing.put("tool_calls", null);
        assertThat(new Message("assistant", "", nothing).isBlank()).isTrue();
    }

    @Test
    void text_asString_joinsContents() {
        assertThat(Text.chat(Message.user("a"), Message.assistant("b")).asString())
                .isEqualTo("a\nb");
        assertThat(Text.plain("a").asString()).isEqualTo("a");
    }

    @Test
    void prompt_reply_hasThePromptsForm() {
        assertThat(PLAIN.reply("a")).isEqualTo(Text.plain("a"));
        assertThat(CHAT.reply("a")).isEqualTo(Text.chat(Message.assistant("a")));
        assertThat(Answer.of(CHAT, "a").text()).isEqualTo(CHAT.reply("a"));
    }

    @Test
    void values_answerInAnotherForm_isRefused() {
        String problem = "chosen: expected a list of messages as its prompt, received a plain string"
                + " (Prompt.reply makes an answer in the prompt's form)";
        illegal(() -> new Preference(CHAT, Text.plain("a"), CHAT.reply("b")), problem);
        illegal(() -> new Preference(CHAT, CHAT.reply("b"), Text.plain("a")), problem.replace("chosen", "rejected"));
        illegal(
                () -> new RankedGroup(CHAT, List.of(CHAT.reply("a"), Text.plain("a")), List.of(1.0, 0.0)),
                problem.replace("chosen", "responses[1]"));
        illegal(() -> new Answer(CHAT, Text.plain("a")), problem.replace("chosen", "text"));
        illegal(() -> new Demonstration(CHAT, Text.plain("a")), problem.replace("chosen", "completion"));
        illegal(() -> new LabeledCompletion(CHAT, Text.plain("a"), true), problem.replace("chosen", "completion"));
    }

    /** Two tokenizations of one text are one answer to a judge. */
    @Test
    void answer_ofACompletion_hasItsTokens_andIsEqualByItsText() {
        Completion owl = new Completion("owl", new int[] {3, 4}, new float[2], FinishReason.STOP);
        assertThat(Answer.of(CHAT, owl).tokenIds()).containsExactly(3, 4);
        assertThat(Answer.of(CHAT, owl)).isEqualTo(Answer.of(CHAT, "owl")).hasSameHashCodeAs(Answer.of(CHAT, "owl"));
        assertThat(Answer.of(CHAT, "owl").tokenIds()).isNull();
    }

    @Test
    void preference_margin_mustBeFinite() {
        illegal(
                () -> new Preference(PLAIN, Text.plain("a"), Text.plain("b"), Double.NaN),
                "margin: expected a finite number or null, received NaN");
        Preference row = new Preference(PLAIN, Text.plain("a"), Text.plain("b"), 2.0);
        assertThat(row.swapped()).isEqualTo(new Preference(PLAIN, Text.plain("b"), Text.plain("a"), 2.0));
    }

    @Test
    void preference_probability_mustBeOne() {
        illegal(
                () -> new Preference(PLAIN, Text.plain("a"), Text.plain("b"), null, 1.01),
                "chosen_probability: expected a number in [0, 1] or null, received 1.01");
        Preference row = new Preference(PLAIN, Text.plain("a"), Text.plain("b"), null, 0.75);
        assertThat(row.swapped().chosenProbability()).isEqualTo(0.75);
    }

    @Test
    void rankedGroup_pairs_areAllThatAreOrdered() {
        RankedGroup group = new RankedGroup(
                PLAIN, List.of(Text.plain("a"), Text.plain("b"), Text.plain("c")), List.of(1.0, 3.0, 1.0));
        assertThat(group.pairs())
                .containsExactly(
                        new Preference(PLAIN, Text.plain("b"), Text.plain("a"), 2.0),
                        new Preference(PLAIN, Text.plain("b"), Text.plain("c"), 2.0));
    }

    @Test
    void rankedGroup_sizesAndScores_areChecked() {
        List<Text> two = List.of(Text.plain("a"), Text.plain("b"));
        illegal(
                () -> new RankedGroup(PLAIN, two.subList(0, 1), List.of(1.0)),
                "responses: expected at least 2, received 1");
        illegal(() -> new RankedGroup(PLAIN, two, List.of(1.0)), "scores: expected one per response (2), received 1");
        illegal(
                () -> new RankedGroup(PLAIN, two, List.of(1.0, Double.POSITIVE_INFINITY)),
                "scores[1]: expected a finite number, received Infinity");
        List<Double> scores = new ArrayList<>(List.of(1.0, 0.0));
        RankedGroup group = new RankedGroup(PLAIN, two, scores);
        scores.set(0, 9.0);
        assertThat(group.scores()).containsExactly(1.0, 0.0);
        assertThat(group.size()).isEqualTo(2);
    }

    @Test
    void completion_arrays_areCheckedAndCompared() {
        illegal(
                () -> new Completion("a", new int[2], new float[1], FinishReason.STOP),
                "logprobs: expected one per token (2), received 1");
        illegal(
                () -> new Completion("a", new int[1], new float[] {Float.NaN}, FinishReason.STOP),
                "logprobs[0]: expected a log-probability, received NaN");
        Completion one = new Completion("a", new int[] {1, 2}, new float[] {-1, -0.5f}, FinishReason.STOP);
        Completion two = new Completion("a", new int[] {1, 2}, new float[] {-1, -0.5f}, FinishReason.STOP);
        assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
        assertThat(one.logprob()).isEqualTo(-1.5);
        assertThat(new Completion("a", new int[] {1, 3}, new float[] {-1, -0.5f}, FinishReason.STOP))
                .isNotEqualTo(one);
        assertThat(one).hasToString("Completion[2 tokens, STOP, \"a\"]");
    }

    @Test
    void score_hasAValueOrAProblem() {
        assertThat(Score.of(0).isScored()).isTrue();
        Score none = Score.unscored("timed out");
        assertThat(none.isScored()).isFalse();
        assertThat(none.value()).isNaN();
        assertThat(none).isEqualTo(Score.unscored("timed out"));
        Score.Part part = new Score.Part("judge", Double.NaN, 2);
        assertThat(none.with(List.of(part)).parts()).containsExactly(part);
        assertThat(none.with(List.of(part)).problem()).isEqualTo("timed out");
        assertThat(none.parts()).isEmpty();
        illegal(
                () -> new Score.Part("judge", Double.POSITIVE_INFINITY, 1),
                "value of judge: expected a finite score or NaN, received Infinity");
        illegal(
                () -> new Score.Part("judge", 0, Double.NaN),
                "weight of judge: expected a finite number, received NaN");
        illegal(() -> Score.of(Double.NaN), "value: expected a finite score, received NaN");
        illegal(
                () -> new Score(0, "timed out"),
                "value: expected NaN for an unscored answer (timed out), received 0.0");
    }

    @Test
    void trajectory_withScore_changesNothingElse() {
        Completion completion = new Completion("a", new int[] {1}, new float[] {-1}, FinishReason.LENGTH);
        Trajectory sampled = new Trajectory(CHAT, new int[] {5}, completion, 0, 3, Score.unscored("new"));
        Trajectory scored = sampled.withScore(Score.of(1));
        assertThat(scored).isEqualTo(new Trajectory(CHAT, new int[] {5}, completion, 0, 3, Score.of(1)));
        assertThat(scored).isNotEqualTo(sampled);
        assertThat(scored.answer()).isEqualTo(Answer.of(CHAT, "a"));
        illegal(
                () -> new Trajectory(CHAT, new int[0], completion, -1, 0, Score.of(1)),
                "group: expected 0 or more, received -1");
        illegal(
                () -> new Trajectory(CHAT, new int[0], completion, 0, -1, Score.of(1)),
                "policyVersion: expected 0 or more, received -1");
    }

    @Test
    void readReport_rowsUnaccountedFor_areRefused() {
        illegal(
                () -> new ReadReport(5, 2, Map.of("tie", 1), List.of()),
                "read: expected kept + dropped = 2 + 1, received 5");
    }
}
