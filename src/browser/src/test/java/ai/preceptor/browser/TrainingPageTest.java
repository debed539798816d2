package ai.preceptor.browser;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandLine;
import ai.preceptor.cli.Commands;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.console.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a run that trains, which is stopped from there. */
class TrainingPageTest {
    private static final Pattern PAGE = Pattern.compile("live page at (http://[^ \\n]+)");

    @TempDir
    Path directory;

    @Test
    void curveMoves_andTheRunIsStoppedFromThePage() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        CommandLine line = new CommandLine(Commands.standard(), new Terminal(stream, stream, false, 100));
        CompletableFuture<ExitCode> run = CompletableFuture.supplyAsync(() -> line.run(List.of(
                "policy",
                "model=embedded:student",
                "rule=brevity",
                "data=embedded:prompts",
                "max_steps=100000",
                "num_generations=2",
                "batch_size=4",
                "max_completion_length=8",
                "save_steps=0",
                "dashboard=true",
                "dashboard_port=0",
                "output=" + directory.resolve("run"))));
        try (Browser browser = new Browser()) {
            browser.open(page(said, run));
            browser.until("a chart", () -> !browser.all(".chart canvas").isEmpty());
            browser.until("a third step", () -> step(browser) >= 3);
            Object before = browser.script("return document.querySelector('.chart canvas').toDataURL()");
            int step = step(browser);

            browser.until("more steps", () -> step(browser) > step + 3);

            browser.until(
                    "another picture",
                    () -> !before.equals(browser.script("return document.querySelector('.chart canvas').toDataURL()")));
            assertThat(browser.complaints()).isEmpty();
            browser.find(".button.danger").click();
            browser.find("dialog .danger").click();
            assertThat(run.get(120, TimeUnit.SECONDS))
                    .as(said.toString(StandardCharsets.UTF_8))
                    .isEqualTo(ExitCode.INTERRUPTED);
        }
        assertThat(directory.resolve("run/status.json")).content().contains("\"state\" : \"stopped\"");
        assertThat(directory.resolve("run/checkpoints")).isNotEmptyDirectory();
    }

    private static int step(Browser browser) {
        String shown = String.valueOf(
                browser.script("const p = document.querySelector('.progress-line'); return p ? p.textContent : ''"));
        Matcher matcher = Pattern.compile("step ([0-9,]+)").matcher(shown);
        return matcher.find() ? Integer.parseInt(matcher.group(1).replace(",", "")) : 0;
    }

    private static String page(ByteArrayOutputStream said, CompletableFuture<ExitCode> run)
            throws InterruptedException {
        for (int i = 0; i < 600 && !run.isDone(); i++) {
            Matcher matcher = PAGE.matcher(said.toString(StandardCharsets.UTF_8));
            if (matcher.find()) {
                return matcher.group(1);
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no page: " + said.toString(StandardCharsets.UTF_8));
    }
}
