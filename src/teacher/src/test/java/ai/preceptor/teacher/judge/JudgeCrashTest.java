package ai.preceptor.teacher.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Message;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.teacher.chat.LocalChatModel;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.served.client.Served;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.JudgeScript;
import ai.preceptor.testkit.TeacherServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every mode, and a local model, whose run ends in the middle: from some answer on the ledger takes nothing more, as where the
 * process is killed, and what the next run finds is what such a run leaves behind.
 */
class JudgeCrashTest {
    private static final int KEPT = 3;
    private static final int CONCURRENCY = 4;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void makeLedger() {
        file = directory.resolve("calls.sqlite");
        CallLedger.open(file).close();
    }

    private void sql(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    private List<String> rows() throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, hash, owner FROM calls ORDER BY id")) {
            while (row.next()) {
                rows.add(row.getLong(1) + " " + row.getString(2) + " " + row.getString(3));
            }
        }
        return rows;
    }

    private static Prompt prompt(int number) {
        return new Prompt(
                Text.chat(Message.user("Name bird " + number + ".")),
                Map.of(
                        "rubrics",
                        List.of(
                                Map.of("criterion", "Names a bird.", "points", 2),
                                Map.of("criterion", "Is rude.", "points", -1))));
    }

    private static List<Answer> answers(int prompts, String... texts) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            for (String text : texts) {
                answers.add(Answer.of(prompt(i), text));
            }
        }
        return answers;
    }

    private static List<Score> score(JudgeScript script, TeacherServer server, CallLedger ledger) {
        try (Served served = Served.open(Served.options(server), ledger)) {
            return JudgeSettings.of(TeacherMode.valueOf(script.name()))
                    .scorer(served.teacher(), 0)
                    .score(answers(10, "owl", "a wren", "the cat"));
        }
    }

    @ParameterizedTest
    @EnumSource(JudgeScript.class)
    void served_asksAgainOnlyWhatWasInFlight(JudgeScript script) throws SQLException {
        List<Score> expected;
        try (TeacherServer server = TeacherServer.start(script::good)) {
            expected = score(script, server, CallLedger.inMemory());
        }
        String dead = "(SELECT COUNT(*) FROM calls WHERE state = 'answered') >= " + KEPT
                + " BEGIN SELECT RAISE(ABORT, 'killed'); END";
        sql(
                "CREATE TRIGGER dead_settle BEFORE UPDATE ON calls WHEN " + dead,
                "CREATE TRIGGER dead_reserve BEFORE INSERT ON calls WHEN " + dead);
        ConcurrentMap<String, Integer> answered = new ConcurrentHashMap<>();
        try (TeacherServer server = TeacherServer.start(call -> {
            answered.merge(call.question(), 1, Integer::sum);
            return script.good(call);
        })) {
            assertThatExceptionOfType(OutputException.class)
                    .isThrownBy(() -> score(script, server, CallLedger.open(file)))
                    .withMessageContaining("killed");
            int before = server.calls().size();
            assertThat(before).isBetween(KEPT, KEPT + CONCURRENCY);
            sql("DROP TRIGGER dead_settle", "DROP TRIGGER dead_reserve");
            try (CallLedger ledger = CallLedger.open(file)) {
                assertThat(ledger.totals().calls()).isEqualTo(KEPT);
                assertThat(ledger.totals().open()).isEqualTo(before - KEPT);
            }
            assertThat(score(script, server, CallLedger.open(file))).isEqualTo(expected);
            assertThat(answered.values()).allMatch(times -> times <= 2);
            assertThat(answered.values().stream().filter(times -> times == 2))
                    .as("what was in flight is asked again, nothing else is")
                    .hasSize(before - KEPT);
        }
    }

    @Test
    void local_computesOnlyWhatIsNotKept() throws IOException, SQLException {
        Path template = Files.writeString(directory.resolve("yes_no.txt"), "=== user\n{{prompt}} {{answer}} Right?");
        JudgeSettings settings =
                new JudgeSettings(TeacherMode.YES_NO, template, 512, 1, null, null, List.of("Y", "N"), null);
        List<Answer> answers = answers(60, "owl");
        Path model = Golden.dir("tiny-chat");
        try (Torch torch = Torch.open("cpu", 1);
                Tokenizer tokenizer = Tokenizer.load(model);
                LanguageModel loaded = LanguageModel.load(torch, model, LoadOptions.FROZEN)) {
            TemplateEncoder encoder = TemplateEncoder.load(model, tokenizer, Boundary.REFUSE);
            List<Score> expected;
            try (CallLedger ledger = CallLedger.inMemory()) {
                expected = settings.scorer(
                                new LocalChatModel(
                                        "tiny",
                                        "id",
                                        loaded,
                                        encoder,
                                        new Generator(loaded, encoder.tokenizer()),
                                        ledger),
                                0)
                        .score(answers);
                assertThat(expected).allMatch(Score::isScored).doesNotHaveDuplicates();
            }
            sql("CREATE TRIGGER dead BEFORE INSERT ON calls WHEN (SELECT COUNT(*) FROM calls) >= 20"
                    + " BEGIN SELECT RAISE(ABORT, 'killed'); END");
            try (CallLedger ledger = CallLedger.open(file)) {
                assertThatExceptionOfType(OutputException.class)
                        .isThrownBy(() -> settings.scorer(
                                        new LocalChatModel(
                                                "tiny",
                                                "id",
                                                loaded,
                                                encoder,
                                                new Generator(loaded, encoder.tokenizer()),
                                                ledger),
                                        0)
                                .score(answers))
                        .withMessageContaining("killed");
            }
            sql("DROP TRIGGER dead");
            List<String> before = rows();
            assertThat(before).as("whole parts").hasSize(16);
            try (CallLedger ledger = CallLedger.open(file)) {
                assertThat(settings.scorer(
                                        new LocalChatModel(
                                                "tiny",
                                                "id",
                                                loaded,
                                                encoder,
                                                new Generator(loaded, encoder.tokenizer()),
                                                ledger),
                                        0)
                                .score(answers))
                        .isEqualTo(expected);
                assertThat(ledger.totals().calls()).isEqualTo(answers.size());
            }
            assertThat(rows()).startsWith(before.toArray(String[]::new));
        }
    }
}
