package ai.preceptor.teacher.served.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.Message;
import ai.preceptor.data.TeacherException;
import ai.preceptor.teacher.chat.LabelReading;
import ai.preceptor.teacher.chat.LabelRequest;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels that are looked for among a server's most probable tokens. */
class LabelCallTest {
    private static final LabelRequest REQUEST = new LabelRequest(List.of(Message.user("A or B?")), List.of("A", "B"));

    private static ServedReply alternatives(String list) {
        return choice("{\"logprobs\": {\"content\": [{\"token\": \"A\", \"top_logprobs\": " + list + "}]}, ");
    }

    private static ServedReply choice(String begin) {
        return ServedReply.json(
                200,
                Map.of(),
                "{\"choices\": [" + begin + "\"finish_reason\": \"length\", \"message\": {\"role\": \"assistant\","
                        + " \"content\": \"A\"}}], \"usage\": {\"prompt_tokens\": 7, \"completion_tokens\": 1}}");
    }

    @Test
    void labels_areFoundAmongTheAlternatives_andPaidOnce() {
        String list = "[{\"token\": \"A\", \"logprob\": -0.5}, {\"token\": \" A\", \"logprob\": -0.6},"
                + " {\"token\": \"B\", \"logprob\": -1.5}]";
        try (TeacherServer server = TeacherServer.start(call -> alternatives(list));
                Served served = Served.open(Served.options(server))) {
            LabelReading read =
                    served.teacher().labels(List.of(REQUEST, REQUEST)).get(1);
            assertThat(read.logprobs()).containsExactly(-0.5, -1.5);
            assertThat(served.teacher().labels(List.of(REQUEST))).containsExactly(read);
            assertThat(server.calls()).hasSize(1);
            assertThat(server.calls().get(0).body().toString()).contains("\"top_logprobs\":20", "\"max_tokens\":1");
        }
    }

    @Test
    void labels_oneThatIsMissing_leavesTheReadingWithoutValue() {
        try (TeacherServer server =
                        TeacherServer.start(call -> alternatives("[{\"token\": \"A\", \"logprob\": -0.1}]"));
                Served served = Served.open(Served.options(server))) {
            LabelReading read = served.teacher().labels(List.of(REQUEST)).get(0);
            assertThat(read.isRead()).isFalse();
            assertThat(read.problem()).contains("\"B\" is not among the 1 most probable first tokens");
        }
    }

    @Test
    void labels_atMinus9999_haveNoProbability() {
        String list = "[{\"token\": \"A\", \"logprob\": 0}, {\"token\": \"B\", \"logprob\": -9999.0}]";
        try (TeacherServer server = TeacherServer.start(call -> alternatives(list));
                Served served = Served.open(Served.options(server))) {
            LabelReading read = served.teacher().labels(List.of(REQUEST)).get(0);
            assertThat(read.logprobs()).containsExactly(0.0, Double.NEGATIVE_INFINITY);
        }
    }

    @Test
    void labels_ofAServerWithoutLogprobs_endTheRun() {
        try (TeacherServer server = TeacherServer.start(call -> choice("{\"logprobs\": null, "));
                Served served = Served.open(Served.options(server))) {
            assertThatExceptionOfType(TeacherException.class)
                    .isThrownBy(() -> served.teacher().labels(List.of(REQUEST)))
                    .withMessageContaining("does not give them");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "[{\"token\": 1, \"logprob\": -1}]",
                "[{\"token\": \"A\", \"logprob\": 5}]",
                "[{\"token\": \"A\", \"logprob\": \"-1\"}]",
                "[{\"token\": \"A\"}]"
            })
    void labels_fromAHostileReply_areNone_andAskedThreeTimesAtMost(String list) {
        String good = "[{\"token\": \"A\", \"logprob\": -0.5}, {\"token\": \"B\", \"logprob\": -1.5}]";
        LabelRequest other = new LabelRequest(List.of(Message.user("good")), List.of("A", "B"));
        try (TeacherServer server =
                        TeacherServer.start(call -> alternatives(call.question().contains("good") ? good : list));
                Served served = Served.open(Served.options(server))) {
            List<LabelReading> read = served.teacher().labels(List.of(REQUEST, other));
            assertThat(read.get(0).isRead()).isFalse();
            assertThat(read.get(1).isRead()).isTrue();
            assertThat(server.calls()).hasSize(4);
        }
    }
}
