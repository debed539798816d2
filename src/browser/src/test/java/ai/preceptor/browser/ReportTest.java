package ai.preceptor.browser;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandLine;
import ai.preceptor.cli.Commands;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.console.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.print.PrintOptions;

/** Reports of runs and of their comparison as files: no sideways scroll on a phone, and a PDF. */
class ReportTest extends PageFixture {
    @TempDir
    static Path directory;

    private static Path policy;
    private static Path reward;
    private static Path compared;

    @BeforeAll
    static void train() throws IOException {
        policy = policy("first", 1);
        Path second = policy("second", 2);
        String row = "{\"prompt\": \"a%d " + "long".repeat(12)
                + "\", \"chosen\": \"b <script>window.hacked = 1</script>\"," + " \"rejected\": \"c\"}\n";
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            rows.append(String.format(row, i));
        }
        Path pairs = Files.writeString(directory.resolve("pairs.jsonl"), rows);
        reward = directory.resolve("reward");
        run("reward", "model=embedded:student", "data=" + pairs, "eval_rows=8", "max_steps=3", "output=" + reward);
        compared = directory.resolve("compared.html");
        run("compare", policy.toString(), second.toString(), "output=" + compared);
    }

    private static Path policy(String name, int seed) {
        Path output = directory.resolve(name);
        run(
                "policy",
                "model=embedded:student",
                "rule=brevity",
                "data=embedded:prompts",
                "max_steps=12",
                "num_generations=2",
                "batch_size=4",
                "max_completion_length=8",
                "seed=" + seed,
                "output=" + output);
        return output;
    }

    private static void run(String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        ExitCode code = new CommandLine(Commands.standard(), new Terminal(stream, stream, false, 100))
                .run(new ArrayList<>(List.of(arguments)));
        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.DONE);
    }

    @Override
    void stopServer() {
        // they are files
    }

    @Test
    void policy_leadsWithRewardAndKl() {
        open(policy.resolve("report.html"));
        assertThat(browser.find("main > p").getText()).contains("Reward ", " → ", "KL to the reference ");
        assertThat(browser.all("figcaption").subList(0, 3))
                .extracting(each -> each.getText())
                .containsExactly("reward", "objective/kl", "Reward over KL to the reference");
        assertFits();
    }

    @Test
    void reward_saysWhatIsRightOfHeldOutPairs() {
        open(reward.resolve("report.html"));
        assertThat(browser.find("main > p").getText()).contains("held-out pairs in the right order (95 % interval");
        assertFits();
    }

    @Test
    void comparison_fits() {
        open(compared);
        assertThat(browser.all("figure svg")).isNotEmpty();
        assertFits();
    }

    private static void open(Path page) {
        browser.size(1280, 900);
        browser.open(page.toUri().toString());
        browser.find("h1");
    }

    /** The page, not what a box of its own holds, is as wide as the screen; it is printed in at least one page. */
    private static void assertFits() {
        for (int width : List.of(1280, 390)) {
            browser.size(width, 844);
            assertThat((Long) browser.script("return document.documentElement.scrollWidth"))
                    .isLessThanOrEqualTo(width);
        }
        byte[] pdf = Base64.getDecoder()
                .decode(browser.driver().print(new PrintOptions()).getContent());
        assertThat(new String(pdf, StandardCharsets.ISO_8859_1))
                .startsWith("%PDF-")
                .contains("%%EOF");
    }
}
