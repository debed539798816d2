package ai.preceptor.teacher.served;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.lm.TopTokens;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.served.client.Served;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server's most probable tokens, from good and from bad servers. */
@Timeout(60)
class ServedTopTokensTest {
    private static final int VOCABULARY = 100;

    private TeacherServer server = TeacherServer.start(call -> reply(call, place -> {}));
    private Served served = Served.open(Served.options(server));

    @AfterEach
    void close() {
        served.close();
        server.close();
    }

    private void answering(Function<TeacherServer.Call, ServedReply> script) {
        close();
        server = TeacherServer.start(script);
        served = Served.open(Served.options(server));
    }

    private static void add(ObjectNode place, int id, double probability) {
        place.putObject(Integer.toString(id))
                .put("logprob", Math.log(probability))
                .put("decoded_token", "t" + id);
    }

    /**
     * Before token i of the prompt: its own token with 1/100, and 7 and 8 with 1/2 and 1/4, in an order of its own.
     *
     * @param change of what is said of each place
     */
    private static ServedReply reply(TeacherServer.Call call, Consumer<ObjectNode> change) {
        assertThat(call.line()).startsWith("POST /v1/completions ");
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode choice = root.putArray("choices").addObject();
        choice.put("index", 0).put("text", "x").put("finish_reason", "length");
        ArrayNode places = choice.putArray("prompt_logprobs").addNull();
        for (int i = 1; i < call.body().path("prompt").size(); i++) {
            ObjectNode place = places.addObject();
            add(place, call.body().path("prompt").path(i).intValue(), 0.01);
            if (call.body().path("prompt_logprobs").intValue() > 0) {
                add(place, 8, 0.25);
                add(place, 7, 0.5);
                change.accept(place);
            }
        }
        root.putObject("usage").put("prompt_tokens", 10).put("completion_tokens", 1);
        return ServedReply.json(200, Map.of(), root.toString());
    }

    private ServedTopTokens teacher() {
        return new ServedTopTokens(served.teacher(), VOCABULARY, id -> "t" + id);
    }

    private static ServedTopTokens.Places places(int... ids) {
        return new ServedTopTokens.Places(ids, new int[] {2, 3});
    }

    /** At places 2 and 3: 1/2, 1/4, and 1/4 for the rest. */
    private static void assertRight(TopTokens found) {
        assertThat(found.ids()).containsExactly(7, 8, 7, 8);
        float half = (float) Math.log(0.5);
        assertThat(found.logprobs())
                .containsExactly(new float[] {half, 2 * half, 2 * half, half, 2 * half, 2 * half}, within(1e-6f));
    }

    @Test
    void topTokens_areTheMostProbable_andABucketForTheRest() {
        List<TopTokens> found = teacher().topTokens(List.of(places(1, 2, 3, 4), places(5, 6, 9, 1)), 2);
        found.forEach(ServedTopTokensTest::assertRight);
        assertThat(server.calls().get(0).body().path("prompt_logprobs").intValue())
                .isEqualTo(2);
    }

    /** As a resumed run does, with the ledger of the first; other places of the same tokens are in it too. */
    @Test
    void whatWasAnswered_isNotPaidAgain(@TempDir Path directory) {
        for (int run = 0; run < 2; run++) {
            try (Served again =
                    Served.open(Served.options(server), CallLedger.open(directory.resolve("calls.sqlite")))) {
                ServedTopTokens teacher = new ServedTopTokens(again.teacher(), VOCABULARY, id -> "t" + id);
                assertRight(teacher.topTokens(List.of(places(1, 2, 3, 4)), 2).get(0));
                ServedTopTokens.Places other = new ServedTopTokens.Places(new int[] {1, 2, 3, 4}, new int[] {1});
                assertThat(teacher.topTokens(List.of(other), 2).get(0).rows()).isEqualTo(1);
            }
        }
        assertThat(server.calls()).hasSize(1);
    }

    /** A 429, a broken connection and a truncated body are asked again. */
    @Test
    void troubles_areOvercome() {
        AtomicInteger call = new AtomicInteger();
        answering(asked -> switch (call.getAndIncrement()) {
            case 0 -> ServedReply.error(429, Map.of("retry-after", "0"), "slow down");
            case 1 -> ServedReply.reset();
            case 2 -> ServedReply.cut("half of a reply");
            default -> reply(asked, place -> {});
        });
        assertRight(teacher().topTokens(List.of(places(1, 2, 3, 4)), 2).get(0));
    }

    @Test
    void outage_endsTheRun() {
        server.close();
        assertThatThrownBy(() -> teacher().topTokens(List.of(places(1, 2, 3, 4)), 2))
                .isInstanceOfAny(TeacherException.class, ScorerException.class)
                .hasMessageContaining("judge-1@127.0.0.1");
    }

    @Test
    void refusedCall_leavesItsRowWithoutDistributions() {
        answering(call -> call.body().path("prompt").path(0).intValue() == 1
                ? ServedReply.error(400, "too long")
                : reply(call, place -> {}));
        List<TopTokens> found = teacher().topTokens(List.of(places(1, 2, 3, 4), places(5, 6, 9, 1)), 2);
        assertThat(found.get(0)).isNull();
        assertRight(found.get(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "too few",
                "id beyond",
                "no id",
                "above one",
                "sum above one",
                "no number",
                "not a number",
                "text"
            })
    void hostileReply_isNotUsed(String how) {
        answering(call -> reply(call, place -> {
            switch (how) {
                case "too few" -> place.removeAll();
                case "id beyond" -> add(place, VOCABULARY, 0.1);
                case "no id" -> place.putObject("-3").put("logprob", -1.0);
                case "above one" -> add(place, 3, 2);
                case "sum above one" -> add(place, 3, 0.9);
                case "no number" -> place.putObject("3").put("logprob", "-1");
                case "not a number" -> place.putObject("3").put("logprob", Double.NaN);
                default -> place.put("3", "text");
            }
        }));
        assertThatThrownBy(() -> teacher().topTokens(List.of(places(1, 2, 3, 4)), 2))
                .isInstanceOf(ScorerException.class)
                .hasMessageContaining("choices[0].prompt_logprobs[1]");
    }

    @Test
    void check_asksOnce_andRefusesAnotherVocabulary() {
        teacher().check();
        teacher().check();
        assertThat(server.calls()).hasSize(1);
        ServedTopTokens other = new ServedTopTokens(served.teacher(), VOCABULARY, id -> "u" + id);
        assertThatThrownBy(other::check)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("teacher_url: judge-1@127.0.0.1: expected the student's vocabulary");
    }

    @Test
    void check_serverWithALimitBelowK_isRefusedBeforeRowsAreAskedFor() {
        answering(call -> call.body().path("prompt_logprobs").intValue() > 20
                ? ServedReply.error(400, "Requested prompt logprobs of 21, which is greater than max allowed: 20")
                : reply(call, place -> {}));
        ServedTopTokens wide = new ServedTopTokens(served.teacher(), 40, id -> "t" + id);
        wide.check(20);
        assertThat(server.calls()).hasSize(1);
        assertThatThrownBy(() -> wide.check(21))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("teacher_top_k: expected as many tokens as judge-1@127.0.0.1 gives")
                .hasMessageContaining("found 21")
                .hasMessageContaining("greater than max allowed");
    }

    @Test
    void serverWithoutTheField_isATeacherThatFailsForGood() {
        answering(call -> ServedReply.completion("hello"));
        assertThatThrownBy(() -> teacher().topTokens(List.of(places(1, 2, 3, 4)), 2))
                .isInstanceOf(TeacherException.class)
                .hasMessageContaining("found none");
    }
}
