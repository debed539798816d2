package ai.preceptor.browser;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.dashboard.DashboardOptions;
import ai.preceptor.dashboard.DashboardServer;
import ai.preceptor.dashboard.judge.JudgeRoutes;
import ai.preceptor.dashboard.judge.JudgeSession;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.interactions.Actions;

/** Judging by hand in Chromium. */
class JudgePageTest extends PageFixture {
    private static final String HOSTILE = "<script>window.hacked=1</script><img src=x onerror='window.hacked=1'>";

    @TempDir
    Path root;

    private JudgeSession session;
    private DashboardServer server;

    @BeforeEach
    void start() throws IOException {
        List<Preference> pairs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Prompt prompt = Prompt.user("question " + i + " " + HOSTILE);
            pairs.add(new Preference(prompt, prompt.reply("good " + i + " " + HOSTILE), prompt.reply("bad " + i)));
        }
        session = new JudgeSession(pairs, root.resolve("judged"), 5, pair -> 1.0, InstantSource.system());
        server = DashboardServer.start(
                new DashboardOptions(
                        Files.createDirectory(root.resolve("runs")), "127.0.0.1", 0, Duration.ofMillis(200)),
                (run, config) -> Optional.empty(),
                List.of(new JudgeRoutes(session)));
        browser.size(1280, 900);
        browser.prefer("light");
        browser.open(server.url() + "judge");
        browser.until("a pair", () -> !prompt().isEmpty());
    }

    @Override
    void stopServer() {
        server.close();
        session.close();
    }

    @Test
    void keys_writeRowsThatEqualWhatWasPressed() {
        List<String> better = new ArrayList<>();
        for (String key : List.of("1", "2", "0", "2", "1", "1")) {
            if (!key.equals("0")) {
                better.add(answer(key.equals("1") ? 0 : 1));
            }
            press(key);
        }
        browser.until("the end", () -> browser.find(".empty").isDisplayed());

        List<Preference> rows = Datasets.preferences(root.resolve("judged/preferences.jsonl"), 0, OnBadRow.FAIL)
                .rows();
        assertThat(rows).extracting(row -> row.chosen().asString()).containsExactlyElementsOf(better);
        browser.find("details summary").click();
        browser.until("agreement", () -> browser.find(".judge-panel").getText().contains("6 judged, 1 without"));
        assertThat(browser.find(".judge-panel").getText())
                .contains("You and the teacher", "You and the reward model", "of 5");
    }

    @Test
    void takeBack_showsTheLastPairAgain() {
        String first = prompt();
        press("1");
        assertThat(prompt()).isNotEqualTo(first);
        press("u");
        assertThat(prompt()).isEqualTo(first);
        browser.find(".judge-answer .button").click();
        browser.until("the next pair", () -> !prompt().equals(first));
    }

    @Test
    void page_onAPhoneAndInTheDark_fits() {
        browser.size(390, 844);
        browser.prefer("dark");
        assertThat(browser.script("return document.documentElement.scrollWidth"))
                .isEqualTo(390L);
        assertThat(browser.script("return getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo("rgb(246, 246, 243)");
        assertThat(prompt()).contains(HOSTILE);
        assertThat(browser.all("main script, main img")).isEmpty();
    }

    private static void press(String key) {
        String before = browser.find(".judge-count").getText();
        new Actions(browser.driver()).sendKeys(key).perform();
        browser.until(
                "the count to change",
                () -> !browser.find(".judge-count").getText().equals(before));
    }

    private static String prompt() {
        return browser.all(".judge-prompt .text").stream()
                .map(text -> text.getText())
                .reduce("", String::concat);
    }

    private static String answer(int side) {
        return browser.all(".judge-text").get(side).getText();
    }
}
