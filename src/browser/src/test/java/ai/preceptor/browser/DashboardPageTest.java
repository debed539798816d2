package ai.preceptor.browser;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.keys.training.PolicyConfig;
import ai.preceptor.cli.runs.ConfigReader;
import ai.preceptor.dashboard.DashboardOptions;
import ai.preceptor.dashboard.DashboardServer;
import ai.preceptor.train.run.RunStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The page in Chromium, on runs that the test writes. */
class DashboardPageTest extends PageFixture {
    private static final String HOSTILE = "</p><script>window.hacked=1</script><img src=x onerror='window.hacked=1'>";

    @TempDir
    Path root;

    private DashboardServer server;

    @BeforeEach
    void start() throws IOException {
        run("one", 1, 20);
        run("two", 2, 20);
        run("recipe/<b>odd<b> & name", 3, 5);
        server = DashboardServer.start(
                new DashboardOptions(root, "127.0.0.1", 0, Duration.ofMillis(100)),
                new ConfigReader(Map.of("policy", PolicyConfig.class)),
                List.of());
        browser.size(1280, 900);
        browser.prefer("light");
    }

    @Override
    void stopServer() {
        server.close();
    }

    @Test
    void list_showsRuns_andFollowsThem() throws IOException {
        browser.open(server.url());
        browser.until("three runs", () -> browser.all(".run").size() == 3);
        assertThat(browser.find("main").getText()).contains("<b>odd<b> & name", "20 of 40", "running");

        steps("one", 21, 22);
        run("four", 4, 1);

        browser.until("the new step", () -> browser.find("main").getText().contains("22 of 40"));
        browser.until("the new run", () -> browser.all(".run").size() == 4);
    }

    @Test
    void curves_moveWhileLinesAreAdded() throws IOException {
        browser.open(server.url() + "run?id=one");
        browser.until("a chart", () -> !browser.all(".chart canvas").isEmpty());
        browser.until("its value", () -> valueOf("reward").equals("2"));
        Object before = picture();

        steps("one", 21, 30);

        browser.until("the new value", () -> valueOf("reward").equals("3"));
        assertThat(picture()).isNotEqualTo(before);
        browser.until(
                "the new step", () -> browser.find(".progress-line").getText().contains("step 30 of 40"));
    }

    @Test
    void hostileText_staysText() {
        browser.open(server.url() + "run?id=one#samples");

        browser.until("samples", () -> !browser.all(".sample").isEmpty());

        assertThat(browser.find(".samples").getText()).contains(HOSTILE);
        assertThat(browser.all(".samples script, .samples img")).isEmpty();
        assertThat(browser.all(".token[data-up]"))
                .as("tokens that are likelier now")
                .isNotEmpty();
        browser.open(server.url() + "run?id=one#configuration");
        browser.until("the configuration", () -> !browser.all("pre").isEmpty());
        assertThat(browser.find("#panel-configuration").getText()).contains("<script>window.hacked=1</script>");
    }

    @Test
    void keyboard_reachesEverything_andShowsWhereItIs() {
        browser.open(server.url() + "run?id=one");
        browser.until("a chart", () -> !browser.all(".chart canvas").isEmpty());
        List<String> reached = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            new Actions(browser.driver()).sendKeys(Keys.TAB).perform();
            WebElement focused = browser.driver().switchTo().activeElement();
            reached.add(
                    focused.getText().isEmpty()
                            ? String.valueOf(focused.getAttribute("aria-label"))
                            : focused.getText());
            assertThat(browser.script("return getComputedStyle(document.activeElement).outlineStyle"))
                    .as("outline of %s", reached)
                    .isEqualTo("solid");
        }
        assertThat(reached)
                .containsSubsequence(
                        "Skip to content",
                        "Preceptor",
                        "Runs",
                        "Compare",
                        "Save now",
                        "Stop",
                        "Curves",
                        "Find a metric");

        browser.find("#tab-curves").sendKeys(Keys.ARROW_RIGHT);

        assertThat(browser.driver().switchTo().activeElement().getText()).isEqualTo("Samples");
        browser.until("samples", () -> !browser.all(".sample").isEmpty());
    }

    @Test
    void stop_asksFirst_andLeavesARequest() {
        browser.open(server.url() + "run?id=one");
        browser.until("the button", () -> browser.find(".button.danger").isDisplayed());
        browser.find(".button.danger").click();
        browser.find("dialog").sendKeys(Keys.ESCAPE);
        browser.until("no dialog", () -> browser.all("dialog").isEmpty());
        assertThat(root.resolve("one/stop.request")).doesNotExist();

        browser.find(".button.danger").click();
        browser.find("dialog .danger").click();

        browser.until("the request", () -> Files.exists(root.resolve("one/stop.request")));
        browser.until(
                "that it was asked", () -> browser.find(".told").getText().contains("stops after the current step"));
    }

    @Test
    void phone_hasNoSidewaysScroll() {
        browser.size(390, 844);
        for (String page :
                List.of("", "run?id=one", "run?id=one#samples", "run?id=one#actors", "compare?id=one&id=two")) {
            browser.open("about:blank");
            browser.open(server.url() + page);
            browser.until("something", () -> !browser.all(".run, .card, table").isEmpty());
            assertThat((Long) browser.script("return document.documentElement.scrollWidth"))
                    .as(page)
                    .isLessThanOrEqualTo(390);
            assertThat((Boolean) browser.script("return [...document.querySelectorAll('.tabs')]"
                            + ".every(tabs => tabs.scrollHeight <= tabs.clientHeight)"))
                    .as("no bar beside the tabs of " + page)
                    .isTrue();
        }
    }

    @Test
    void colours_areTheSystems_orThoseChosen() {
        browser.prefer("dark");
        browser.open(server.url());
        assertThat(brightness()).isLessThan(60);
        browser.prefer("light");
        assertThat(brightness()).isGreaterThan(200);

        WebElement button = browser.find("#theme");
        button.click();
        button.click();

        assertThat(brightness()).as("dark was chosen").isLessThan(60);
        browser.open(server.url() + "compare");
        assertThat(brightness()).as("and is kept").isLessThan(60);
        browser.find("#theme").click();
        assertThat(brightness()).isGreaterThan(200);
    }

    @Test
    void compare_drawsSeedsAsOne_andOnItsOwn() {
        browser.open(server.url() + "compare?id=one&id=two");
        browser.until("the legend", () -> browser.find("main").getText().contains("one · 2 seeds"));
        assertThat(browser.all("tbody tr")).hasSize(2);

        browser.find(".tools input[type='checkbox']").click();

        browser.until("two lines", () -> browser.all(".legend").get(0).getText().contains("two"));
    }

    @Test
    void compare_runsOfOneName_areToldApart() throws IOException {
        run("first/seed-1/rloo", 1, 3);
        run("other/seed-1/rloo", 2, 3);
        browser.open(server.url() + "compare?id=first%2Fseed-1%2Frloo&id=other%2Fseed-1%2Frloo");
        browser.find(".tools input[type='checkbox']").click();
        browser.until(
                "their directories",
                () -> browser.all(".legend").stream()
                        .anyMatch(legend -> legend.getText().contains("first/seed-1/rloo")
                                && legend.getText().contains("other/seed-1/rloo")));
    }

    @Test
    void compare_moreRunsThanAreCompared_namesThoseLeftOut() throws IOException {
        StringBuilder query = new StringBuilder("compare?");
        for (int seed = 1; seed <= 65; seed++) {
            run("many-" + seed, seed, 1);
            query.append("&id=many-").append(seed);
        }
        browser.open(server.url() + query);
        browser.until("64 draws", () -> browser.find("main").getText().contains("many · 64 seeds"));
        assertThat(browser.find(".notice").getText()).isEqualTo("At most 64 runs are compared; left out: many-65.");
    }

    private String valueOf(String metric) {
        return String.valueOf(browser.script(
                "const c = [...document.querySelectorAll('.chart')].find(c => c.querySelector('h3').textContent === arguments[0]);"
                        + "return c ? c.querySelector('.value').textContent : ''",
                metric));
    }

    private static Object picture() {
        return browser.script("return document.querySelector('.chart canvas').toDataURL()");
    }

    private static long brightness() {
        return (Long)
                browser.script("const c = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);"
                        + "return Math.round((c[0] + c[1] + c[2]) / 3)");
    }

    private void run(String name, int seed, int steps) throws IOException {
        Path directory = Files.createDirectories(root.resolve(name));
        Files.writeString(directory.resolve("run.lock"), "process 1\n");
        Files.writeString(
                directory.resolve("config.yaml"),
                "algorithm: \"rloo\"\nnote: \"<script>window.hacked=1</script>\"\nseed: " + seed + "\n");
        ProcessHandle self = ProcessHandle.current();
        Files.writeString(directory.resolve("status.json"), """
                {"state":"running","command":"policy","total_steps":40,"pid":%d,"process_started":%d,"host":"%s",
                 "processor_seconds":90.5,"memory":{"resident_bytes":123456789,"peak_resident_bytes":223456789},
                 "meters":{"stages":[{"stage":"generate","actors":1,"busy":1,"queue":3}]}}
                """.formatted(
                        self.pid(), self.info().startInstant().orElseThrow().toEpochMilli(), RunStatus.host()));
        steps(name, 1, steps);
        String text = HOSTILE.replace("\"", "\\\"");
        append(
                directory.resolve("samples.jsonl"),
                "{\"step\":1,\"group\":0,\"prompt\":[{\"role\":\"user\",\"content\":\"%s\"}],\"completion\":\"%s\",\"score\":1.5,\"advantage\":0.5,\"kl\":0.1}\n"
                                .formatted(text, text)
                        + "{\"step\":1,\"group\":0,\"prompt\":[{\"role\":\"user\",\"content\":\"%s\"}],\"completion\":\"yes no\",\"log_ratios\":[1.5,-0.6],\"token_ends\":[3,6],\"score\":-1}\n"
                                .formatted(text));
    }

    private void steps(String name, int first, int last) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int step = first; step <= last; step++) {
            lines.append(
                    "{\"step\":%d,\"step_time\":0.5,\"loss\":%s,\"reward\":%s,\"objective/kl\":%s,\"completions/mean_length\":12}\n"
                            .formatted(step, 1.0 / step, step / 10.0, step / 100.0));
        }
        append(root.resolve(name).resolve("metrics.jsonl"), lines.toString());
    }

    private static void append(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
