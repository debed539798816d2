package ai.preceptor.teacher.served.client;

import static ai.preceptor.testkit.ServedReply.completionBody;
import static ai.preceptor.testkit.ServedReply.error;
import static ai.preceptor.testkit.ServedReply.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ScorerException;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes back is in the ledger with what it cost, and is not paid again. */
@Timeout(60)
class BilledTest {
    /** As the server counts: 100 tokens at 1 and 10 at 10, each a million. */
    private static final double COUNTED = 0.0002;

    /** "question 0" as a map is 31 bytes, 16 tokens of a template, and 10 tokens written: 47 at 1 and 10 at 10. */
    private static final double MOST = 0.000147;

    /** Three further attempts, and no deadline that a busy machine misses. */
    private static final CallLimits LIMITS = Served.limits(4, 3, 30_000);

    @TempDir
    private Path directory;

    /** A 200 that is no answer. */
    enum Malformed {
        NO_TEXT(json(200, Map.of(), completionBody("x", 1).replace("\"x\"", "null")), COUNTED),
        TWO_CHOICES(json(200, Map.of(), completionBody("x", 2)), COUNTED),
        HTML(json(200, Map.of(), "<html>gateway</html>"), MOST),
        BROKEN_JSON(json(200, Map.of(), completionBody("x", 1).replace("}}", "}")), MOST),
        EMPTY(json(200, Map.of(), ""), MOST),
        NO_USAGE(json(200, Map.of(), "{\"choices\": [{\"message\": {\"content\": null}}]}"), MOST),
        NEGATIVE_USAGE(json(200, Map.of(), completionBody("x", 2).replace("\":10}", "\":-10}")), MOST),
        FRACTION(json(200, Map.of(), completionBody("x", 2).replace("\":10}", "\":1.5}")), MOST),
        NOBODY_READS_SO_MUCH(
                json(200, Map.of(), completionBody("x", 2).replace("\":100,", "\":36893488147419103232,")), MOST),
        BROKEN_OFF(ServedReply.cut("x"), MOST),
        NO_CONTENT(json(204, Map.of(), ""), MOST);

        private final ServedReply reply;
        private final double cost;

        Malformed(ServedReply reply, double cost) {
            this.reply = reply;
            this.cost = cost;
        }
    }

    @ParameterizedTest
    @EnumSource
    void ask_a200ThatIsNoAnswer_isPaidThreeTimes_andNeverAgain(Malformed kind) throws SQLException {
        Path file = directory.resolve("calls.sqlite");
        try (TeacherServer server = TeacherServer.start(call -> kind.reply)) {
            for (int run = 0; run < 2; run++) {
                try (Served served = Served.open(priced(server), CallLedger.open(file))) {
                    assertThatThrownBy(() -> served.teacher().ask(Served.questions(1)))
                            .isInstanceOf(ScorerException.class)
                            .hasMessageContaining("malformed answer: ");
                    assertThat(served.teacher().totals().cost()).isCloseTo(3 * kind.cost, within(1e-12));
                    assertThat(server.calls()).hasSize(3);
                }
            }
        }
        assertThat(query(file, "SELECT state || ' ' || cost || ' ' || (problem LIKE 'malformed answer: %') FROM calls"))
                .hasSize(3)
                .containsOnly("malformed " + Math.round(kind.cost * 1e9) + " 1");
    }

    @Test
    void ask_malformedOnce_isAskedAgain_andBothArePaid() {
        try (TeacherServer server = TeacherServer.start(
                        call -> call.number() == 0 ? Malformed.HTML.reply : ServedReply.completion("fine"));
                Served served = Served.open(priced(server))) {
            assertThat(served.teacher().ask(Served.questions(1)).get(0).reply()).isNotNull();
            assertThat(served.teacher().totals().cost()).isCloseTo(MOST + COUNTED, within(1e-12));
            assertThat(served.count("teacher.cost")).isCloseTo(MOST + COUNTED, within(1e-12));
            assertThat(served.teacher().totals().malformed()).isEqualTo(1);
        }
    }

    @Test
    void ask_anAnswerWithoutUsage_costsTheMost() {
        String body = completionBody("fine", 1).replace("usage", "abusage");
        try (TeacherServer server = TeacherServer.start(call -> json(200, Map.of(), body));
                Served served = Served.open(priced(server))) {
            assertThat(served.teacher().ask(Served.questions(1)).get(0).reply()).isNotNull();
            assertThat(served.teacher().totals().cost()).isCloseTo(MOST, within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 504})
    void ask_aFailureAfterWork_costsTheMost_orWhatTheServerCounted(int status) {
        ServedReply counted = json(
                status, Map.of(), "{\"usage\": {\"prompt_tokens\": 100, \"completion_tokens\": 10}, \"error\": {}}");
        assertThat(costOf(error(status, "lost"))).isCloseTo(4 * MOST, within(1e-12));
        assertThat(costOf(counted)).isCloseTo(4 * COUNTED, within(1e-12));
    }

    @Test
    void ask_anAnswerThatComesTooLate_orNever_costsTheMost() {
        ServedReply late = ServedReply.late(Duration.ofSeconds(50), ServedReply.completion("late"));
        assertThat(costOf(late, Served.limits(4, 0, 5000))).isCloseTo(MOST, within(1e-12));
        assertThat(costOf(ServedReply.reset())).isCloseTo(4 * MOST, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 422, 429, 503, 529})
    void ask_aRefusal_costsNothing(int status) {
        assertThat(costOf(error(status, "no"))).isZero();
    }

    private static double costOf(ServedReply always) {
        return costOf(always, LIMITS);
    }

    private static double costOf(ServedReply always, CallLimits limits) {
        try (TeacherServer server = TeacherServer.start(call -> always);
                Served served = Served.open(priced(server, limits))) {
            assertThatThrownBy(() -> served.teacher().ask(Served.questions(1))).isInstanceOf(RuntimeException.class);
            assertThat(served.teacher().totals().open()).isZero();
            return served.teacher().totals().cost();
        }
    }

    private static ServerOptions priced(TeacherServer server) {
        return priced(server, LIMITS);
    }

    private static ServerOptions priced(TeacherServer server, CallLimits limits) {
        ServerOptions of = Served.options(server);
        return new ServerOptions(of.url(), of.model(), of.key(), limits, of.backoff(), new Prices(1, 10, 1.0));
    }

    private static List<String> query(Path file, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
