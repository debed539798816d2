package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Completion;
import ai.preceptor.data.DataException;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import ai.preceptor.data.source.RowPlace;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.data.tool.ToolTurns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedAnswersTest {
    private static final RecordedLimits LIMITS = new RecordedLimits(200, 4, 0);
    private static final String ANSWER =
            "{\"text\": \"a\", \"token_ids\": [5, 2], \"logprobs\": [-0.1, -1e-7], \"finish_reason\": \"stop\"}";

    @TempDir
    Path dir;

    private Dataset<RecordedAnswers> read(String... lines) {
        return Datasets.recordedAnswers(Rows.file(dir, lines), LIMITS, 0, OnBadRow.FAIL);
    }

    private static String whole(String prompt, String... answers) {
        return "{\"prompt\": " + prompt + ", \"completions\": [" + String.join(", ", answers) + "]}";
    }

    private static String single(int step, int group, String prompt, String text, String more) {
        return "{\"step\": " + step + ", \"policy_version\": 0, \"group\": " + group + ", \"prompt\": \"" + prompt
                + "\", \"completion\": \"" + text
                + "\", \"tokens\": 1, \"finish_reason\": \"length\", \"token_ids\": [7],"
                + " \"logprobs\": [-2.5]" + more + "}";
    }

    @Test
    void tokenScores_areRead_andMustBeOfItsTokens() {
        String scored = ", \"score\": 0.5, \"token_scores\": [[0, 0.5]]";
        Score found =
                read(single(1, 0, "p", "a", scored)).rows().get(0).scores().get(0);
        assertThat(found).isEqualTo(Score.of(0.5).withTokens(List.of(new Score.TokenScore(0, 0.5))));
        assertThat(RecordedAnswers.tokenScores(found)).containsExactly(List.of(0, 0.5));
        for (String bad : List.of("[[1, 0.5]]", "[[0.5, 1]]", "[[0, 1], [0, 2]]")) {
            String row = single(1, 0, "p", "a", ", \"score\": 0.5, \"token_scores\": " + bad);
            assertThatThrownBy(() -> read(row))
                    .as(bad)
                    .hasMessageContaining("key \"token_scores\": expected increasing indexes of tokens below 1");
        }
        String unscored = single(1, 0, "p", "a", ", \"score\": null, \"token_scores\": [[0, 0.5]]");
        assertThatThrownBy(() -> read(unscored))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        ":1: key \"token_scores\": expected none with a score of null, found a list of 1");
        assertThat(read(unscored.replace("[[0, 0.5]]", "[]")).rows().get(0).scores())
                .containsExactly(Score.unscored("recorded without a score"));
    }

    @Test
    void wholeRows_asGenerateWritesThem() {
        String sampled =
                ANSWER.replace("]}", "], \"x\": 1}").replace("\"finish", "\"sampling_logprobs\": [-3, 0], \"finish");
        Dataset<RecordedAnswers> rows = read(
                whole("\"p\"", ANSWER, sampled).replace("]}", "], \"scores\": [1.5, null], \"answer\": \"42\"}"),
                "",
                whole("[{\"role\": \"user\", \"content\": \"q\"}]", ANSWER, ANSWER));
        assertThat(rows.places()).extracting(RowPlace::number).containsExactly(1L, 3L);
        RecordedAnswers first = rows.rows().get(0);
        assertThat(first.prompt()).isEqualTo(new Prompt(Text.plain("p"), Map.of("answer", "42")));
        assertThat(first.completions())
                .containsExactly(
                        new Completion("a", new int[] {5, 2}, new float[] {-0.1f, -1e-7f}, FinishReason.STOP),
                        new Completion(
                                "a",
                                new int[] {5, 2},
                                new float[] {-0.1f, -1e-7f},
                                new float[] {-3, 0},
                                FinishReason.STOP));
        assertThat(first.scores()).containsExactly(Score.of(1.5), Score.unscored("recorded without a score"));
        assertThat(rows.rows().get(1).prompt()).isEqualTo(Prompt.chat(Message.user("q")));
        assertThat(rows.rows().get(1).scores()).isNull();
    }

    /** A prompt's answers end where step, version, group or prompt changes. */
    @Test
    void singleRows_asPolicyWritesThem_areJoined() {
        String scored =
                ", \"score\": 0.5, \"problem\": null, \"advantage\": 1, \"kl\": 0, \"columns\": {\"answer\": 1}";
        String unscored = ", \"score\": null, \"problem\": \"no time\"";
        Dataset<RecordedAnswers> rows = read(
                single(1, 0, "p", "a", scored),
                single(1, 0, "p", "b", unscored),
                single(1, 1, "p", "c", scored),
                single(1, 1, "p", "d", scored),
                single(2, 1, "p", "e", scored),
                single(2, 1, "p", "f", scored));
        assertThat(rows.places()).extracting(RowPlace::number).containsExactly(1L, 3L, 5L);
        assertThat(rows.rows()).allMatch(row -> row.completions().size() == 2);
        RecordedAnswers first = rows.rows().get(0);
        assertThat(first.scores()).containsExactly(Score.of(0.5), Score.unscored("no time"));
        assertThat(first.prompt()).isEqualTo(new Prompt(Text.plain("p"), Map.of("answer", 1)));
        assertThat(first.completions().get(1))
                .isEqualTo(new Completion("b", new int[] {7}, new float[] {-2.5f}, FinishReason.LENGTH));
        assertThat(rows.report().read()).isEqualTo(3);
        assertThat(read(single(1, 0, "p", "a", ""), single(1, 0, "p", "b", ""))
                        .rows()
                        .get(0)
                        .scores())
                .isNull();
    }

    @Test
    void maxRows_countsPrompts() {
        Path file = Rows.file(
                dir,
                single(1, 0, "p", "a", ""),
                single(1, 0, "p", "b", ""),
                single(1, 1, "q", "c", ""),
                single(1, 1, "q", "d", ""),
                "not read");
        Dataset<RecordedAnswers> rows = Datasets.recordedAnswers(file, LIMITS, 1, OnBadRow.FAIL);
        assertThat(rows.rows()).hasSize(1);
        assertThat(rows.rows().get(0).completions()).hasSize(2);
    }

    @Test
    void gzip_isReadAsTheFileItself() {
        String text = whole("\"p\"", ANSWER) + "\n";
        Path file = Rows.bytes(dir, "rows.gz", Rows.gzip(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(Datasets.recordedAnswers(file, LIMITS, 0, OnBadRow.FAIL).rows())
                .isEqualTo(read(whole("\"p\"", ANSWER)).rows());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [5, 2]         | [5, 200]      | key "completions[1].token_ids[1]": expected a token id in [0, 200), the model's vocabulary, found 200
            [5, 2]         | [-1, 2]       | key "completions[1].token_ids[0]": expected a token id in [0, 200), the model's vocabulary, found -1
            [5, 2]         | [5, 2.5]      | key "completions[1].token_ids[1]": expected a whole number below 2^31, found number 2.5
            [5, 2]         | [5]           | key "completions[1].logprobs": expected one number per token (1), found a list of 2
            [5, 2]         | []            | expected one number per token (0), found a list of 2
            [5, 2]         | "5 2"         | key "completions[1].token_ids": expected list of whole numbers, found string "5 2"
            [-0.1, -1e-7]  | [-0.1, 0.5]   | key "completions[1].logprobs[1]": expected a finite log-probability, at most 0, found 0.5
            [-0.1, -1e-7]  | [-0.1, -1e39] | key "completions[1].logprobs[1]": expected a finite log-probability, at most 0, found -Infinity
            [-0.1, -1e-7]  | [-0.1, "NaN"] | key "completions[1].logprobs[1]": expected a finite number, found string "NaN"
            [-0.1, -1e-7]  | [-0.1, null]  | key "completions[1].logprobs[1]": expected a finite number, found null
            "stop"         | "eos"         | key "completions[1].finish_reason": expected one of stop, length, cancelled, deadline, found "eos"
            "text": "a",   | ""            | key "completions[1].text": missing; the answer has the keys [token_ids, logprobs, finish_reason]
            "text": "a"    | "text": "a", "support": "AAI=", "support_ends": [2, 2]   | key "completions[1].support": support[0]: expected to contain the token's own id 5
            "text": "a"    | "text": "a", "support": "AA-", "support_ends": [2, 2]    | key "completions[1].support": Illegal base64
            "text": "a"    | "text": "a", "support": "AAI=", "support_ends": [1, 1]   | key "completions[1].support": support: ends
            "text": "a"    | "text": "a", "support": "AAb+AQ==", "support_ends": [4, 4]  | key "completions[1].support": expected token ids in [0, 200), the model's vocabulary, found 259
            "text": "a"    | "text": 1     | key "completions[1].text": expected a string, found number 1
            """)
    void badAnswer_isRefused_namingFileLineAndField(String good, String bad, String message) {
        String answer = ANSWER.replace(good, bad.equals("\"\"") ? "" : bad);
        assertThat(answer).isNotEqualTo(ANSWER);
        assertThatThrownBy(() -> read("", whole("\"p\"", ANSWER, answer)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(dir.resolve("rows.jsonl") + ":2: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"prompt": "p"}                                    | expected the keys prompt and completions, as generate writes them, or prompt, completion and token_ids
            {"prompt": "", "completions": []}                  | key "prompt": expected a prompt that asks something
            {"prompt": "p", "completions": []}                 | key "completions": expected at least 1 answer, found an empty list
            {"prompt": "p", "completions": [3]}                | key "completions[0]": expected an object, found number 3
            {"prompt": "p", "completions": [A], "scores": []}  | key "scores": expected one per answer (1), found a list of 0
            {"prompt": "p", "completions": [A], "scores": ["1"]} | key "scores[0]": expected a finite number, found string "1"
            """)
    void badRow_isRefused(String row, String message) {
        assertThatThrownBy(() -> read(row.replace("[A]", "[" + ANSWER + "]")))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(dir.resolve("rows.jsonl") + ":1: ")
                .hasMessageContaining(message);
    }

    @Test
    void answerLongerThanTheLimit_isRefused_notCut() {
        String five = ANSWER.replace("[5, 2]", "[1, 2, 3, 4, 5]").replace("[-0.1, -1e-7]", "[0, 0, 0, 0, 0]");
        assertThatThrownBy(() -> read(whole("\"p\"", five)))
                .hasMessageContaining(
                        ":1: key \"completions[0].token_ids\": expected 1 to 4 tokens (max_completion_length), found 5");
    }

    @Test
    void unequalNumbersOfAnswers_areRefused_orSkipped() {
        String[] lines = {whole("\"p\"", ANSWER, ANSWER), whole("\"p\"", ANSWER), single(1, 0, "p", "a", "")};
        assertThatThrownBy(() -> read(lines))
                .hasMessageContaining(":2: completions: expected 2 answers, as the first prompt has, found 1");
        Path file = Rows.file(dir, lines);
        RecordedLimits three = new RecordedLimits(512, 4, 3);
        assertThatThrownBy(() -> Datasets.recordedAnswers(file, three, 0, OnBadRow.FAIL))
                .hasMessageContaining(":1: completions: expected 3 answers, num_generations, found 2");
        Dataset<RecordedAnswers> kept = Datasets.recordedAnswers(file, LIMITS, 0, OnBadRow.SKIP);
        assertThat(kept.rows()).hasSize(1);
        assertThat(kept.report().skipped()).hasSize(2).first().asString().contains(":2: completions");
    }

    /** What is written is what is read, to the bit. */
    @Test
    void toRow_readBack_isTheSameAnswer() {
        float[] logprobs = {-0.1f, Math.nextDown(-6.3645f), 0};
        float[] others = {-1, -2, -3};
        TokenSupports support = Objects.requireNonNull(TokenSupports.builder()
                .add(new int[] {1, 199})
                .add(null)
                .add(new int[] {0, 3})
                .build());
        for (Completion answer : List.of(
                new Completion("a\u00df\ud83d\ude00", new int[] {1, 2, 199}, logprobs, FinishReason.LENGTH),
                new Completion("", new int[] {1, 2, 3}, logprobs, others, FinishReason.STOP),
                new Completion("x", new int[] {1, 2, 3}, logprobs, others, FinishReason.STOP, support))) {
            Path file = dir.resolve("out.jsonl");
            JsonlWriter.replace(
                    file, List.of(Map.of("prompt", "p", "completions", List.of(RecordedAnswers.toRow(answer)))));
            assertThat(Datasets.recordedAnswers(file, LIMITS, 0, OnBadRow.FAIL)
                            .rows()
                            .get(0)
                            .completions())
                    .containsExactly(answer);
        }
    }

    @Test
    void constructor_unequalSizes_areRefused() {
        Completion answer = new Completion("a", new int[] {1}, new float[] {0}, FinishReason.STOP);
        Prompt prompt = Prompt.plain("p");
        assertThatThrownBy(() -> new RecordedAnswers(prompt, List.of(answer), List.of()))
                .hasMessageContaining("scores: expected one per answer (1), received 0");
        assertThatThrownBy(() -> new RecordedAnswers(prompt, List.of(), null))
                .hasMessageContaining("completions: expected at least 1");
        assertThatThrownBy(() -> new RecordedLimits(0, 1, 0)).hasMessageContaining("vocabulary: 0");
    }

    /** Tokens of tools stand among the others in the file, as TRL and verl write them, and apart in memory. */
    @Test
    void toolTurns_areReadByTheirMask_andWrittenTheSame() {
        String answer = "{\"text\": \"a\", \"token_ids\": [5, 8, 9, 2], \"logprobs\": [-0.5, 0, 0, -0.25],"
                + " \"finish_reason\": \"stop\", \"tool_mask\": [1, 0, 0, 1]}";
        Completion read =
                read(whole("\"p\"", answer)).rows().get(0).completions().get(0);
        ToolTurns turns = new ToolTurns(List.of(new ToolTurns.Turn(1, new int[] {8, 9}, "", List.of())), 1, 0);
        assertThat(read)
                .isEqualTo(new Completion(
                        "a",
                        new int[] {5, 2},
                        new float[] {-0.5f, -0.25f},
                        new float[] {-0.5f, -0.25f},
                        FinishReason.STOP,
                        null,
                        turns));
        assertThat(RecordedAnswers.toRow(read))
                .containsEntry("token_ids", new int[] {5, 8, 9, 2})
                .containsEntry("logprobs", new double[] {-0.5, 0, 0, -0.25})
                .containsEntry("tool_mask", new int[] {1, 0, 0, 1})
                .containsEntry("tool_turns", List.of(Map.of("said", "", "outputs", List.of())))
                .containsEntry("tool_calls", 1)
                .containsEntry("tool_failures", 0);
    }

    @Test
    void toolTurns_areWrittenAndReadToTheSameAnswer() {
        ToolTurns turns = new ToolTurns(
                List.of(
                        new ToolTurns.Turn(1, new int[] {8}, "<call>", List.of("4")),
                        new ToolTurns.Turn(2, new int[] {9}, "more", List.of("5", "error"))),
                3,
                1);
        Completion written = new Completion(
                "a",
                new int[] {5, 6, 2},
                new float[] {-0.5f, -1, -2},
                new float[] {-0.25f, -1, -2},
                FinishReason.LENGTH,
                TokenSupports.builder()
                        .add(new int[] {5, 7})
                        .add(null)
                        .add(null)
                        .build(),
                turns);
        Map<String, Object> row = Map.of("prompt", "p", "completions", List.of(RecordedAnswers.toRow(written)));
        Path file = dir.resolve("written.jsonl");
        JsonlWriter.replace(file, List.of(row));
        RecordedLimits limits = new RecordedLimits(200, 5, 0);
        assertThat(Datasets.recordedAnswers(file, limits, 0, OnBadRow.FAIL)
                        .rows()
                        .get(0)
                        .completions())
                .containsExactly(written);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [0, 1] | key "completions[0].tool_mask": expected 1 for the first token and for the last, found [0, 1]
            [1, 0] | key "completions[0].tool_mask": expected 1 for the first token and for the last, found [1, 0]
            [1, 2] | key "completions[0].tool_mask": expected 0 or 1 for each of 2 tokens, found [1, 2]
            [1]    | key "completions[0].tool_mask": expected 0 or 1 for each of 2 tokens, found [1]
            """)
    void toolMask_ofOtherTokens_isRefused(String mask, String message) {
        String answer = ANSWER.replace("\"text\"", "\"tool_mask\": " + mask + ", \"text\"");
        assertThatThrownBy(() -> read(whole("\"p\"", answer)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }

    /** A prompt that lost an answer does not say how many answers the others have. */
    @Test
    void badLines_inTheFirstPrompt_leaveTheOthersAsTheyAre() {
        for (String bad : List.of(single(1, 0, "p", "c", "").replace("-2.5", "0.5"), "{\"step\": 1")) {
            for (int at = 0; at < 3; at++) {
                List<String> lines = new ArrayList<>(List.of(single(1, 0, "p", "a", ""), single(1, 0, "p", "b", "")));
                lines.add(at, bad);
                for (int group = 1; group < 4; group++) {
                    for (String text : List.of("a", "b", "c")) {
                        lines.add(single(1, group, "q" + group, text, ""));
                    }
                }
                Dataset<RecordedAnswers> kept = Datasets.recordedAnswers(
                        Rows.file(dir, lines.toArray(String[]::new)), LIMITS, 0, OnBadRow.SKIP);
                assertThat(kept.rows())
                        .as("%s at %d", bad, at)
                        .hasSizeBetween(2, 3)
                        .allMatch(row -> row.completions().size() == 3);
                assertThat(kept.report().skipped()).hasSize(5 - kept.size());
                assertThat(kept.size() == 3).isEqualTo(at < 2 || bad.contains("\"p\""));
            }
        }
    }
}
