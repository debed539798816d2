package ai.preceptor.dashboard.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.dashboard.BadRequestException;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JudgeSessionTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    Path directory;

    @Test
    void state_showsAnswersWithoutTheTeachersChoice() {
        try (JudgeSession session = session(pairs(1))) {
            Map<String, Object> pair = pair(session);
            assertThat(pair).containsOnlyKeys("id", "prompt", "first", "second");
            assertThat(List.of(pair.get("first"), pair.get("second")))
                    .containsExactlyInAnyOrder(
                            List.of(Map.of("role", "assistant", "content", "good 0")),
                            List.of(Map.of("role", "assistant", "content", "bad 0")));
        }
    }

    @Test
    void judge_allVerdicts_writesRowsThatEqualWhatWasPressed() {
        List<String> better = new ArrayList<>();
        try (JudgeSession session = session(pairs(30))) {
            for (int i = 0; i < 30; i++) {
                Map<String, Object> pair = pair(session);
                Verdict verdict = Verdict.values()[i % 3];
                if (verdict != Verdict.TIE) {
                    better.add(pair.get(verdict.value()).toString());
                }
                session.judge(pair.get("id").toString(), verdict, 1.5);
            }
            assertThat(session.state()).doesNotContainKey("pair").containsEntry("done", 30);
        }
        List<Preference> rows = Datasets.preferences(directory.resolve("preferences.jsonl"), 0, OnBadRow.FAIL)
                .rows();
        assertThat(rows).extracting(row -> row.chosen().toJson().toString()).containsExactlyElementsOf(better);
        assertThat(rows).extracting(row -> row.rejected().equals(row.chosen())).containsOnly(false);
    }

    @Test
    void order_andSides_areRandomButTheSameForASeed() {
        Set<Boolean> sides = new LinkedHashSet<>();
        List<Boolean> first = new ArrayList<>();
        for (Preference pair : pairs(40)) {
            sides.add(JudgePair.of(pair, 7).chosenFirst());
            first.add(JudgePair.of(pair, 7).chosenFirst());
        }
        assertThat(sides).containsExactlyInAnyOrder(true, false);
        assertThat(pairs(40))
                .extracting(pair -> JudgePair.of(pair, 7).chosenFirst())
                .isEqualTo(first);
        assertThat(pairs(40))
                .extracting(pair -> JudgePair.of(pair, 8).chosenFirst())
                .isNotEqualTo(first);
    }

    @Test
    void restart_showsOnlyWhatIsNotJudged() {
        Set<Object> seen = new LinkedHashSet<>();
        for (int i = 0; i < 3; i++) {
            try (JudgeSession session = session(pairs(3))) {
                Map<String, Object> pair = pair(session);
                seen.add(pair.get("id"));
                session.judge(pair.get("id").toString(), Verdict.FIRST, 1);
            }
        }
        assertThat(seen).hasSize(3);
    }

    @Test
    void restart_afterACrashBetweenTheFiles_makesTheRowsEqualTheVerdicts() throws IOException {
        try (JudgeSession session = session(pairs(3))) {
            session.judge(pair(session).get("id").toString(), Verdict.FIRST, 1);
        }
        String rows = Files.readString(directory.resolve("preferences.jsonl"));
        Files.writeString(
                directory.resolve("preferences.jsonl"),
                rows.replaceAll("\"pair\":\"..", "\"pair\":\"zz"),
                StandardOpenOption.APPEND);
        Files.writeString(directory.resolve("judgments.jsonl"), "{\"pair\":\"to", StandardOpenOption.APPEND);
        try (JudgeSession session = session(pairs(3))) {
            assertThat(session.state()).containsEntry("done", 1);
            assertThat(directory.resolve("preferences.jsonl")).hasContent(rows.strip());
            session.judge(pair(session).get("id").toString(), Verdict.TIE, 1);
        }
        assertThat(directory.resolve("judgments.jsonl")).content().hasLineCount(2);
    }

    @Test
    void columns_ofAPrompt_areWritten_andTellPairsApartWhereATemplateReadsThem() throws IOException {
        Path file = directory.resolve("rows.jsonl");
        String row = "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\",\"margin\":2,%s}\n";
        String tools = "\"tools\":[{\"name\":\"f\"}],\"subset\":null,\"n\":1.5,\"pair\":7";
        String thinking = "\"chat_template_kwargs\":{\"enable_thinking\":true},\"subset\":\"x\"";
        Files.writeString(
                file,
                row.formatted(tools)
                        + row.formatted(thinking)
                        + row.formatted("\"n\":1")
                        + row.formatted("\"n\":2,\"tools\":null"));
        List<Preference> pairs = Datasets.preferences(file, 0, OnBadRow.FAIL).rows();
        for (int start = 0; start < 2; start++) {
            try (JudgeSession session = session(pairs)) {
                assertThat(session.state()).containsEntry("total", 3).containsEntry("done", start * 3);
                for (int i = start * 3; i < 3; i++) {
                    session.judge(pair(session).get("id").toString(), Verdict.FIRST, 1);
                }
            }
            List<Preference> judged = Datasets.preferences(directory.resolve("preferences.jsonl"), 0, OnBadRow.FAIL)
                    .rows();
            assertThat(judged).hasSize(3).allSatisfy(one -> {
                assertThat(one.margin()).isNull();
                assertThat(one.prompt().columns().get("pair")).isInstanceOf(String.class);
            });
            assertThat(Files.readString(directory.resolve("preferences.jsonl")))
                    .contains(tools.replace(",\"pair\":7", ""), thinking, "\"n\":");
        }
    }

    @Test
    void ids_ofPairsWithoutSuchColumns_areThoseOfEarlierVersions() {
        Preference plain = pairs(1).get(0);
        Prompt labeled = new Prompt(plain.prompt().text(), Map.of("subset", "x", "pair", 3));
        assertThat(JudgePair.of(plain, 3).id()).isEqualTo("8af27173c69a285cfa41b5f4a4672cd2");
        assertThat(JudgePair.of(new Preference(labeled, plain.chosen(), plain.rejected()), 3)
                        .id())
                .isEqualTo("8af27173c69a285cfa41b5f4a4672cd2");
    }

    @Test
    void open_preferencesThatWereNotJudged_isRefusedAndKeepsThem() throws IOException {
        Path file = directory.resolve("preferences.jsonl");
        try (JudgeSession session = session(pairs(2))) {
            session.judge(pair(session).get("id").toString(), Verdict.FIRST, 1);
        }
        String judged = Files.readString(file);
        String teachers = "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\"}\n";
        for (String rows : List.of(teachers, judged + teachers)) {
            Files.writeString(file, rows);
            assertThatThrownBy(() -> session(pairs(2)).close())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(
                            "output: " + directory + " holds a file preferences.jsonl that was not written by judging;"
                                    + " choose another directory");
            assertThat(Files.readString(file)).isEqualTo(rows);
        }
    }

    @Test
    void judge_whoseVerdictCannotBeWritten_leavesNoPreferenceRow() throws IOException {
        Path verdicts = directory.resolve("judgments.jsonl");
        try (JudgeSession session = session(pairs(2))) {
            String id = pair(session).get("id").toString();
            Files.createDirectory(verdicts);
            assertThatThrownBy(() -> session.judge(id, Verdict.FIRST, 1)).isInstanceOf(OutputException.class);
            assertThat(directory.resolve("preferences.jsonl")).isEmptyFile();
            Files.delete(verdicts);
            session.judge(id, Verdict.SECOND, 1);
            assertThat(directory.resolve("preferences.jsonl")).content().hasLineCount(1);
        }
    }

    @Test
    void undo_takesTheLastVerdictAndItsRowBack() {
        try (JudgeSession session = session(pairs(3))) {
            session.judge(pair(session).get("id").toString(), Verdict.SECOND, 1);
            Object last = pair(session).get("id");
            session.judge(last.toString(), Verdict.FIRST, 1);
            session.undo();
            assertThat(pair(session)).containsEntry("id", last);
            assertThat(directory.resolve("judgments.jsonl")).content().hasLineCount(1);
            assertThat(directory.resolve("preferences.jsonl")).content().hasLineCount(1);
            session.undo();
            assertThatThrownBy(session::undo).isInstanceOf(BadRequestException.class);
        }
    }

    @Test
    void judge_twiceOrAnUnknownPair_isRefused() {
        try (JudgeSession session = session(pairs(2))) {
            String id = pair(session).get("id").toString();
            session.judge(id, Verdict.TIE, 1);
            assertThatThrownBy(() -> session.judge(id, Verdict.FIRST, 1)).isInstanceOf(BadRequestException.class);
            assertThatThrownBy(() -> session.judge("x", Verdict.FIRST, 1)).isInstanceOf(BadRequestException.class);
            assertThat(directory.resolve("judgments.jsonl")).content().hasLineCount(1);
        }
    }

    @Test
    void open_whileAnotherIsOpen_isRefused() {
        try (JudgeSession session = session(pairs(1))) {
            assertThat(session.state()).containsEntry("total", 1);
            assertThatThrownBy(() -> session(pairs(1)).close())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(directory.toString());
        }
        session(pairs(1)).close();
    }

    @Test
    void open_aLineThatIsNoVerdict_isADataErrorWithItsPlace() throws IOException {
        Files.writeString(directory.resolve("judgments.jsonl"), "{\"pair\": \"x\", \"verdict\": \"maybe\"}\n");
        assertThatThrownBy(() -> session(pairs(1)).close())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("judgments.jsonl:1");
    }

    @Test
    void agreement_asksTheRewardModelOnceForEachPair() throws InterruptedException {
        List<Preference> asked = Collections.synchronizedList(new ArrayList<>());
        RewardMargins rewards = pair -> {
            asked.add(pair);
            return 0.5;
        };
        try (JudgeSession session = new JudgeSession(pairs(4), directory, 3, rewards, CLOCK)) {
            for (int i = 0; i < 4; i++) {
                Map<String, Object> pair = pair(session);
                boolean goodFirst = pair.get("first").toString().contains("good");
                session.judge(pair.get("id").toString(), goodFirst ? Verdict.FIRST : Verdict.SECOND, 1);
                assertThat(settled(session).get("reward_model").toString()).contains("agreed=" + (i + 1));
            }
            assertThat(asked).containsExactlyInAnyOrderElementsOf(pairs(4));
            assertThat(session.agreement().get("teacher").toString()).contains("agreed=4", "of=4");
        }
    }

    @Test
    void agreement_whileTheModelComputes_keepsNobodyWaiting() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        RewardMargins slow = pair -> {
            begun.countDown();
            boolean interrupted = false;
            while (release.getCount() > 0) { // native code does not end at an interrupt either
                try {
                    release.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            ended.set(true);
            return interrupted ? -1 : 1;
        };
        JudgeSession session = new JudgeSession(pairs(3), directory, 3, slow, CLOCK);
        session.judge(pair(session).get("id").toString(), Verdict.FIRST, 1);
        assertThat(session.agreement()).containsEntry("pending", 1).containsKey("teacher");
        begun.await();
        session.judge(pair(session).get("id").toString(), Verdict.FIRST, 1);
        assertThat(session.agreement()).containsEntry("pending", 2).doesNotContainKey("reward_model");
        Thread closing = new Thread(session::close);
        closing.start();
        closing.join(50);
        assertThat(closing.isAlive()).as("closing waits for the model").isTrue();
        release.countDown();
        closing.join();
        assertThat(ended).isTrue();
    }

    @Test
    void agreement_aModelThatFails_isReportedAndLeftOut() throws InterruptedException {
        RewardMargins broken = pair -> {
            throw new IllegalStateException("broken model");
        };
        try (JudgeSession session = new JudgeSession(pairs(2), directory, 3, broken, CLOCK)) {
            session.judge(pair(session).get("id").toString(), Verdict.FIRST, 1);
            assertThat(settled(session))
                    .containsEntry("problem", "broken model")
                    .containsKey("teacher")
                    .doesNotContainKey("reward_model");
        }
    }

    private static Map<String, Object> settled(JudgeSession session) throws InterruptedException {
        Map<String, Object> agreement = session.agreement();
        while (!agreement.get("pending").equals(0)) {
            Thread.sleep(2);
            agreement = session.agreement();
        }
        return agreement;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> pair(JudgeSession session) {
        return (Map<String, Object>) session.state().get("pair");
    }

    private JudgeSession session(List<Preference> pairs) {
        return new JudgeSession(pairs, directory, 3, null, CLOCK);
    }

    private static List<Preference> pairs(int count) {
        List<Preference> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Prompt prompt = Prompt.user("question " + i);
            Text good = prompt.reply("good " + i);
            pairs.add(new Preference(prompt, good, prompt.reply("bad " + i)));
        }
        return pairs;
    }
}
