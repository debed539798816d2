package ai.preceptor.teacher.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Text;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.LedgerTotals;
import ai.preceptor.teacher.served.client.Backoff;
import ai.preceptor.teacher.served.client.CostLimitException;
import ai.preceptor.teacher.served.client.Prices;
import ai.preceptor.teacher.served.client.Served;
import ai.preceptor.teacher.served.client.ServerOptions;
import ai.preceptor.testkit.JudgeScript;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every mode against a server that goes away, a limit of costs, and replies that must not count. */
class JudgeOutageTest {
    private static final int PAID = 3;
    private static final int PROMPTS = 10;

    /** Longest rests of a few milliseconds; gone after two failed trials. */
    private static final Backoff IMPATIENT =
            new Backoff(Duration.ofMillis(2), Duration.ofMillis(10), 2, Duration.ofMillis(5));

    @TempDir
    Path directory;

    private static List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < PROMPTS; i++) {
            Prompt prompt = new Prompt(
                    Text.chat(Message.user("Name bird " + i + ".")),
                    Map.of(
                            "rubrics",
                            List.of(
                                    Map.of("criterion", "Names a bird.", "points", 2),
                                    Map.of("criterion", "Is rude.", "points", -1))));
            List.of("owl", "a wren", "the cat").forEach(text -> answers.add(Answer.of(prompt, text)));
        }
        return answers;
    }

    private static ServerOptions options(TeacherServer server, Prices prices) {
        ServerOptions usual = Served.options(server);
        return new ServerOptions(usual.url(), usual.model(), usual.key(), usual.limits(), IMPATIENT, prices);
    }

    private static TeacherMode mode(JudgeScript script) {
        return TeacherMode.valueOf(script.name());
    }

    private static List<Score> expected(JudgeScript script) {
        try (TeacherServer server = TeacherServer.start(script::good);
                Served served = Served.open(Served.options(server))) {
            List<Score> scores =
                    JudgeSettings.of(mode(script)).scorer(served.teacher(), 0).score(answers());
            assertThat(scores).allMatch(Score::isScored);
            return scores;
        }
    }

    @ParameterizedTest
    @EnumSource(JudgeScript.class)
    void anOutage_endsWithTheFirstFailure_andOnlyTheRestIsAskedLater(JudgeScript script) {
        AtomicInteger left = new AtomicInteger(PAID);
        ConcurrentMap<String, Integer> answered = new ConcurrentHashMap<>();
        Path file = directory.resolve("calls.sqlite");
        try (TeacherServer server = TeacherServer.start(call -> {
            if (left.getAndDecrement() <= 0) {
                return ServedReply.error(503, "gone for a walk");
            }
            answered.merge(call.question(), 1, Integer::sum);
            return script.good(call);
        })) {
            try (Served served = Served.open(options(server, Prices.FREE), CallLedger.open(file))) {
                Scorer scorer = JudgeSettings.of(mode(script)).scorer(served.teacher(), 0);
                assertThatExceptionOfType(TeacherException.class)
                        .isThrownBy(() -> scorer.score(answers()))
                        .withMessageContaining(
                                "the server is unavailable, the first failure was: status 503: \"gone for a walk\"");
            }
            try (CallLedger ledger = CallLedger.open(file)) {
                assertThat(ledger.totals().calls()).isEqualTo(PAID);
            }
            left.set(Integer.MAX_VALUE);
            try (Served served = Served.open(options(server, Prices.FREE), CallLedger.open(file))) {
                Scorer scorer = JudgeSettings.of(mode(script)).scorer(served.teacher(), 0);
                assertThat(scorer.score(answers())).isEqualTo(expected(script));
                assertThat(answered.values()).as("paid once").containsOnly(1);
                assertThat(served.ledger().totals().calls()).isEqualTo(answered.size());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(JudgeScript.class)
    void theCap_holds_andAHigherOneGoesOn(JudgeScript script) {
        // a reply of 512 tokens is reserved and one of 10 comes, at 0.001 each; a label has 1 token
        double cap = script.readsLabels() ? 0.0035 : 0.535;
        Path file = directory.resolve("calls.sqlite");
        try (TeacherServer server = TeacherServer.start(script::good)) {
            try (Served served = Served.open(options(server, new Prices(0, 1000, cap)), CallLedger.open(file))) {
                Scorer scorer = JudgeSettings.of(mode(script)).scorer(served.teacher(), 0);
                assertThatExceptionOfType(CostLimitException.class)
                        .isThrownBy(() -> scorer.score(answers()))
                        .withMessageStartingWith("max_cost: ");
            }
            try (CallLedger ledger = CallLedger.open(file)) {
                LedgerTotals totals = ledger.totals();
                assertThat(totals.calls())
                        .isEqualTo(PAID)
                        .isEqualTo(server.calls().size());
                assertThat(totals.cost()).isPositive().isLessThanOrEqualTo(cap);
                assertThat(totals.openCost()).isZero();
            }
            try (Served served = Served.open(options(server, new Prices(0, 1000, 100.0)), CallLedger.open(file))) {
                Scorer scorer = JudgeSettings.of(mode(script)).scorer(served.teacher(), 0);
                assertThat(scorer.score(answers())).isEqualTo(expected(script));
                assertThat(server.calls())
                        .extracting(TeacherServer.Call::question)
                        .doesNotHaveDuplicates()
                        .hasSize((int) served.ledger().totals().calls());
            }
        }
    }

    /** The first prompt's replies must not count, the others' do. */
    @ParameterizedTest
    @EnumSource(JudgeScript.class)
    void aReplyThatMustNotCount_isNoScore_isCounted_andIsPaidOnce(JudgeScript script) {
        List<Score> expected = expected(script);
        TeacherServer.Call any = new TeacherServer.Call(0, "", Map.of(), JsonNodeFactory.instance.objectNode());
        for (int kind = 0; kind < script.bad(any).size(); kind++) {
            int which = kind;
            try (TeacherServer server =
                            TeacherServer.start(call -> call.question().contains("Name bird 0.")
                                    ? script.bad(call).get(which)
                                    : script.good(call));
                    Served served = Served.open(Served.options(server))) {
                Scorer scorer = JudgeSettings.of(mode(script)).scorer(served.teacher(), 0);
                List<Score> scores = scorer.score(answers());
                assertThat(scores.subList(0, 3)).as("kind %d", kind).allSatisfy(score -> {
                    assertThat(score.isScored()).isFalse();
                    assertThat(score.problem()).contains("reply: ");
                });
                assertThat(scores.subList(3, scores.size())).isEqualTo(expected.subList(3, scores.size()));
                assertThat(scorer.metrics().get("judge/undecided").doubleValue())
                        .isEqualTo(1.0 / PROMPTS);
                int calls = server.calls().size();
                assertThat(scorer.score(answers())).isEqualTo(scores);
                assertThat(server.calls()).as("paid once").hasSize(calls);
            }
        }
    }
}
