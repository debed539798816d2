package ai.preceptor.teacher.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.TeacherException;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.Verdict;
import ai.preceptor.teacher.served.client.Served;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Words that a served model never says in one token are found out before everything is paid for. */
class LabelWordsTest {
    private static final Prompt PROMPT = Prompt.user("Name a bird.");
    private static final List<String> NO_TOKENS = List.of("Righteous", "Wrongful");
    private static final int TRIED = 16;
    private static final int QUESTIONS = 60;

    private static JudgeSettings settings(TeacherMode mode) {
        return new JudgeSettings(mode, null, 512, 1, null, null, NO_TOKENS, null);
    }

    /** The server's model begins with a part of each word, except in its reply to answer number {@code whole}. */
    private static ServedReply reply(TeacherServer.Call call, int whole) {
        boolean said = call.question().contains("\nbird " + whole + "\n");
        return ServedReply.json(
                200, Map.of(), """
                {"choices": [{"index": 0, "finish_reason": "length", "message": {"role": "assistant", "content": "x"},
                "logprobs": {"content": [{"token": "R", "logprob": -0.5, "top_logprobs":
                [{"token": "%s", "logprob": -0.5}, {"token": "%s", "logprob": -1.5}]}]}}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 1}}
                """.formatted(said ? NO_TOKENS.get(0) : "Right", said ? NO_TOKENS.get(1) : "Wrong"));
    }

    private static List<Answer> answers() {
        return IntStream.range(0, QUESTIONS)
                .mapToObj(i -> Answer.of(PROMPT, "bird " + i))
                .toList();
    }

    @Test
    void yesNo_endsAfterTheFirstReplies_namingTheKeyAndTheWords() {
        try (TeacherServer server = TeacherServer.start(call -> reply(call, -1));
                Served served = Served.open(Served.options(server))) {
            Scorer scorer = settings(TeacherMode.YES_NO).scorer(served.teacher(), 0);
            assertThatExceptionOfType(TeacherException.class)
                    .isThrownBy(() -> scorer.score(answers()))
                    .withMessage(
                            "teacher judge-1@127.0.0.1: none of the first 16 replies tells how likely both Righteous"
                                    + " and Wrongful are: teacher_labels: expected words that are one token of the model each"
                                    + " and that it may begin with; the last reason: reply: \"Righteous\" is not among the 2 most"
                                    + " probable first tokens");
            assertThat(server.calls()).hasSize(TRIED);
        }
    }

    @Test
    void probability_endsToo_alsoWhenRepliesComeAFewAtATime() {
        try (TeacherServer server = TeacherServer.start(call -> reply(call, -1));
                Served served = Served.open(Served.options(server))) {
            Judge judge = settings(TeacherMode.PROBABILITY).judge(served.teacher(), 0);
            for (int i = 0; i < TRIED / 2 - 1; i++) {
                assertThat(judge.compare(List.of(pair(i)))).noneMatch(Verdict::isDecided);
            }
            assertThatExceptionOfType(TeacherException.class)
                    .isThrownBy(() -> judge.compare(List.of(pair(TRIED))))
                    .withMessageContaining("none of the first 16 replies");
        }
    }

    private static Comparison pair(int number) {
        return new Comparison(PROMPT, PROMPT.reply("bird " + number), PROMPT.reply("cat " + number));
    }

    @Test
    void oneReadingAmongTheFirst_isEnoughToGoOn() {
        try (TeacherServer server = TeacherServer.start(call -> reply(call, TRIED - 1));
                Served served = Served.open(Served.options(server))) {
            Scorer scorer = settings(TeacherMode.YES_NO).scorer(served.teacher(), 0);
            List<Score> scores = scorer.score(answers());
            assertThat(scores.stream().filter(Score::isScored)).hasSize(1);
            assertThat(scores.get(TRIED - 1)).isEqualTo(Score.of(1));
            assertThat(server.calls()).hasSize(QUESTIONS);
        }
    }
}
