package ai.preceptor.browser;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code dashboard} in one process and the run that it shows in another: from no runs to one that fails. */
@Timeout(300)
class WatchedRunTest extends PageFixture {
    private static final Pattern URL = Pattern.compile("at (http://127\\.0\\.0\\.1:[0-9]+/)");
    private static final Pattern STEP = Pattern.compile("step ([0-9,]+) of 100,000");
    private static final String ERROR = "the reward is out of order";

    /** A reward that fails once the file {@code fail} exists. */
    private static final String RULE = """
            import ai.preceptor.data.Answer;
            import java.nio.file.*;
            import java.util.function.ToDoubleFunction;

            public class Length implements ToDoubleFunction<Answer> {
                @Override
                public double applyAsDouble(Answer answer) {
                    if (Files.exists(Path.of("%s"))) {
                        throw new IllegalStateException("%s");
                    }
                    return answer.text().asString().length();
                }
            }
            """;

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

    @Override
    void stopServer() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void run_ofAnotherProcess_isShownFromItsStartToItsFailure() throws Exception {
        Path runs = Files.createDirectory(directory.resolve("runs"));
        String url = served(runs);
        browser.open(url);
        browser.until("the empty page", () -> !text("main .empty").isEmpty());
        assertThat(text("main .empty")).contains("No runs yet", "./preceptor run configs/quickstart.yaml");
        assertThat(text("nav")).contains("Judge");
        browser.open(url + "judge");
        browser.until("how to judge", () -> text("main").contains("./preceptor dashboard judge="));
        browser.size(390, 844);
        assertThat(browser.script("return document.documentElement.scrollWidth"))
                .as("width on a phone")
                .isEqualTo(390L);
        browser.size(1280, 900);

        browser.open(url);
        Path fail = directory.resolve("fail");
        Path rule = Files.writeString(directory.resolve("Length.java"), RULE.formatted(fail, ERROR));
        Process run = start("run.log", policy(rule, runs.resolve("watched")));
        browser.until(
                "the run",
                () -> text("main").contains("watched") && text("main").contains("running"));

        browser.open(url + "run?id=watched");
        browser.until("a third step", () -> step() >= 3);
        int before = step();
        browser.until("more steps", () -> step() > before);
        assertThat(text(".state")).isEqualTo("running");
        browser.until("reward over KL", () -> text("#panel-curves").contains("eward over KL"));
        browser.until("a chart", () -> !browser.all(".chart canvas").isEmpty());

        assertThat(runs.resolve("watched/checkpoints")).as("before it is asked").doesNotExist();
        browser.find(".actions .button:not(.danger):not([hidden])").click();
        browser.until("that it was asked", () -> text(".told").contains("A checkpoint is saved"));
        browser.until("a checkpoint", () -> hasCheckpoint(runs.resolve("watched/checkpoints")));

        browser.find("#tab-actors").click();
        browser.until(
                "actors and memory",
                () -> text("#panel-actors").contains("memory")
                        && text("#panel-actors").contains("Actors"));
        assertThat(browser.all("#panel-actors tbody tr")).isNotEmpty();
        assertThat(run.isAlive()).isTrue();

        Files.createFile(fail);
        browser.until("that it failed", () -> text(".state").equals("failed"));
        browser.until("its error", () -> text(".notice").contains(ERROR));
        assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isNotZero();
    }

    private static List<String> policy(Path rule, Path output) {
        return List.of(
                "policy",
                "model=embedded:student",
                "rule=" + rule,
                "data=embedded:prompts",
                "max_steps=100000",
                "num_generations=2",
                "batch_size=4",
                "max_completion_length=8",
                "save_steps=0",
                "threads=1",
                "output=" + output);
    }

    /** Where the dashboard of another process is. */
    private String served(Path runs) throws IOException, InterruptedException {
        Process server = start("dashboard.log", List.of("dashboard", runs.toString(), "port=0"));
        Path log = directory.resolve("dashboard.log");
        for (int i = 0; i < 600 && server.isAlive(); i++) {
            Matcher matcher = URL.matcher(Files.readString(log));
            if (matcher.find()) {
                return matcher.group(1);
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no page: " + Files.readString(log));
    }

    private Process start(String log, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(log).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private static boolean hasCheckpoint(Path checkpoints) {
        String[] names = checkpoints.toFile().list();
        return names != null && names.length > 0;
    }

    private static int step() {
        Matcher matcher = STEP.matcher(text(".progress-line"));
        return matcher.find() ? Integer.parseInt(matcher.group(1).replace(",", "")) : 0;
    }

    /** What is read of the first such element; empty if there is none. */
    private static String text(String css) {
        return String.valueOf(browser.script(
                "const found = document.querySelector(arguments[0]); return found ? found.innerText : ''", css));
    }
}
