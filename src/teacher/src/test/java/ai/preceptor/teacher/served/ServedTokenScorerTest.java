package ai.preceptor.teacher.served;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.tokens.TokenScorer;
import ai.preceptor.teacher.TokenScorerContract;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.served.client.Served;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServedTokenScorerTest extends TokenScorerContract {
    private static final IntFunction<String> SPELLING = id -> "t" + id;

    private TeacherServer server = TeacherServer.start(ServedTokenScorerTest::scored);
    private Served served = Served.open(Served.options(server));

    @AfterEach
    void close() {
        served.close();
        server.close();
    }

    /** Minus a tenth of each id, as vLLM writes it. */
    private static ServedReply scored(TeacherServer.Call call) {
        return reply(call, id -> "t" + id, id -> -0.1 * id);
    }

    private static ServedReply reply(
            TeacherServer.Call call, IntFunction<String> spelling, IntFunction<Double> logprob) {
        assertThat(call.line()).startsWith("POST /v1/completions ");
        assertThat(call.body().path("prompt_logprobs").intValue()).isZero();
        assertThat(call.body().path("max_tokens").intValue()).isEqualTo(1);
        ObjectNode root = body();
        ArrayNode places = root.withObject("/choices/0").putArray("prompt_logprobs");
        JsonNode ids = call.body().path("prompt");
        places.addNull();
        for (int i = 1; i < ids.size(); i++) {
            int id = ids.get(i).intValue();
            places.addObject()
                    .putObject(Integer.toString(id))
                    .put("logprob", logprob.apply(id))
                    .put("rank", 1)
                    .put("decoded_token", spelling.apply(id));
        }
        return ServedReply.json(200, Map.of(), root.toString());
    }

    private static ObjectNode body() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putArray("choices").addObject().put("index", 0).put("text", "x").put("finish_reason", "length");
        root.putObject("usage").put("prompt_tokens", 10).put("completion_tokens", 1);
        return root;
    }

    private void answering(Function<TeacherServer.Call, ServedReply> script) {
        close();
        server = TeacherServer.start(script);
        served = Served.open(Served.options(server));
    }

    @Override
    protected TokenScorer scorer() {
        return new ServedTokenScorer(served.teacher(), 600, SPELLING);
    }

    @Test
    void logprobs_areThoseOfTheAnswersTokens() {
        List<float[]> found =
                scorer().logprobs(List.of(trajectory(new int[] {1, 2, 3}, 4, 5), trajectory(new int[] {1}, 7)), 1);
        assertThat(found.get(0)).containsExactly(-0.4f, -0.5f);
        assertThat(found.get(1)).containsExactly(-0.7f);
        assertThat(server.calls().stream()
                        .map(call -> call.body().path("prompt").toString()))
                .containsExactlyInAnyOrder("[1,2,3,4,5]", "[1,7]");
    }

    /** As a resumed run does, with the ledger of the first. */
    @Test
    void answerThatWasScored_isNotPaidAgain(@TempDir Path directory) {
        List<Trajectory> one = List.of(trajectory(new int[] {1, 2, 3}, 4, 5));
        for (int run = 0; run < 2; run++) {
            try (Served again =
                    Served.open(Served.options(server), CallLedger.open(directory.resolve("calls.sqlite")))) {
                assertThat(new ServedTokenScorer(again.teacher(), 600, SPELLING)
                                .logprobs(one, 1)
                                .get(0))
                        .containsExactly(-0.4f, -0.5f);
            }
        }
        assertThat(server.calls()).hasSize(1);
    }

    /** What is missing or has no probability is no number, and neither is an answer that was refused. */
    @Test
    void whatCouldNotBeHad_isNotANumber() {
        answering(call -> call.body().path("prompt").size() == 3
                ? ServedReply.error(400, "too long")
                : reply(call, SPELLING, id -> id == 5 ? Double.NaN : id == 6 ? -9999.0 : -0.1 * id));
        List<float[]> found =
                scorer().logprobs(List.of(trajectory(new int[] {1}, 4, 5, 6), trajectory(new int[] {1}, 2, 3)), 1);
        assertThat(found.get(0)).containsExactly(-0.4f, Float.NaN, Float.NaN);
        assertThat(found.get(1)).containsExactly(Float.NaN, Float.NaN);
    }

    @Test
    void check_asksOnce_withIdsOfTheWholeVocabulary() {
        scorer().check(List.of(), 1);
        scorer().check(List.of(), 1);
        assertThat(server.calls()).as("the second is in the ledger").hasSize(1);
        JsonNode ids = server.calls().get(0).body().path("prompt");
        assertThat(ids).hasSize(64);
        assertThat(ids.get(0).intValue()).isZero();
        assertThat(ids.get(63).intValue()).isEqualTo(599);
    }

    @Test
    void check_serverWithoutTheField_isATeacherThatFailsForGood() {
        answering(call -> ServedReply.json(200, Map.of(), body().toString()));
        assertThatThrownBy(() -> scorer().check(List.of(), 1))
                .isInstanceOf(TeacherException.class)
                .hasMessageContaining("choices[0].prompt_logprobs")
                .hasMessageContaining("found none: this server does not give log-probabilities of prompts");
        assertThat(server.calls()).as("not asked again").hasSize(1);
        answering(call -> ServedReply.error(400, "unknown field prompt_logprobs"));
        assertThatThrownBy(() -> scorer().check(List.of(), 1))
                .isInstanceOf(TeacherException.class)
                .hasMessageContaining("cannot score tokens by prompt_logprobs")
                .hasMessageContaining("unknown field");
    }

    @Test
    void check_anotherVocabulary_isRefusedWithAnExample() {
        answering(call -> reply(call, id -> id % 5 == 0 ? "other" + id : "t" + id, id -> -1.0));
        assertThatThrownBy(() -> scorer().check(List.of(), 1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("distill_teacher_url: judge-1@127.0.0.1: expected the student's vocabulary")
                .hasMessageContaining("to the student and \"other");
    }

    @Test
    void temperatureOtherThan1_isRefused() {
        assertThatThrownBy(() -> scorer().check(List.of(), 0.7))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("temperature: expected 1")
                .hasMessageContaining("found 0.7");
        assertThat(server.calls()).isEmpty();
    }
}
