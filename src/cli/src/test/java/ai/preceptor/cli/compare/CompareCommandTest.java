package ai.preceptor.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
    @TempDir
    Path directory;

    private RunsByHand runs;

    @BeforeEach
    void findRuns() {
        runs = new RunsByHand(directory);
    }

    @Test
    void run_twoRunsOfOneCommand_tellsWhatDiffersAndTheirFigures() throws IOException {
        Path a = runs.policy("a", "1", "7.0E-4", 1, 3, 2);
        Path b = runs.policy("b", "1", "1.0E-5", 1, 1, 1.5);
        CommandRun run = CommandRun.exactly("compare", a.toString(), b.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).isEqualTo("""
                        policy: 2 runs
                        settings that differ: learning_rate

                        metric        run  learning_rate  n  steps   last   best   mean
                        ---------------------------------------------------------------
                        reward        a             7e-4  1      3  2.000  3.000  2.000
                        reward        b             1e-5  1      3  1.500  1.500  1.167
                        objective/kl  a             7e-4  1      3  0.300      -  0.200
                        objective/kl  b             1e-5  1      3  0.300      -  0.200
                        """);
    }

    /** Last rewards 1, 2 and 4: mean 7/3, squares (16 + 1 + 25)/9, by n - 1 = 2: 7/3, of which the root is 1.528. */
    @Test
    void run_runsThatDifferInTheirSeed_areOneRowOfMeanAndSampleDeviation() throws IOException {
        Path one = runs.policy("seed-1", "1", "0.001", 0, 1);
        Path two = runs.policy("seed-2", "2", "0.001", 3, 2);
        Path three = runs.policy("seed-3", "3", "0.001", 0, 4);
        Path other = runs.policy("other", "1", "0.002", 1, 1);
        CommandRun run = CommandRun.exactly(
                "compare", one.toString(), two.toString(), three.toString(), other.toString(), "metrics=[reward]");
        assertThat(run.out().lines())
                .contains(
                        "policy: 4 runs, 2 without their seeds",
                        "settings that differ: learning_rate, seed",
                        "reward  seed-1, seed-2, seed-3          0.001  1, 2, 3  3      2  2.333 ± 1.528  2.667 ± 1.528"
                                + "  1.667 ± 1.041",
                        "± Of runs that differ in their seed only: mean ± sample standard deviation, with n - 1 in the"
                                + " denominator.");
        assertThat(run.out()).contains("reward  other");
    }

    @Test
    void run_sameSeedTwice_isNoSecondDraw() throws IOException {
        Path one = runs.policy("first", "1", "0.001", 1);
        Path again = runs.policy("again", "1", "0.001", 1);
        CommandRun run = CommandRun.exactly("compare", one.toString(), again.toString());
        assertThat(run.out()).startsWith("policy: 2 runs\n").doesNotContain("±");
    }

    @Test
    void run_unfinishedAndTorn_isSaidAndWhatIsWholeIsCompared() throws IOException {
        Path going = runs.run(
                "going",
                "algorithm: rloo\nseed: 1\n",
                "{\"step\":1,\"reward\":1.0}\n{\"step\":2,\"reward\":2.0}\n{\"step\":3,\"rew",
                "");
        Path empty = runs.run("empty", "algorithm: rloo\nseed: 1\nbeta: 0.3\n", "", "");
        CommandRun run = CommandRun.exactly("compare", going.toString(), empty.toString());
        assertThat(run.code()).isEqualTo(ExitCode.DONE);
        assertThat(run.err().lines())
                .containsExactly(
                        "compare: " + going.resolve("metrics.jsonl") + ": the last line is incomplete and left out;"
                                + " the run is writing it, or was killed",
                        "compare: " + going + ": not finished; 2 steps so far",
                        "compare: " + empty + ": not finished; no metrics yet");
        assertThat(run.out()).contains("reward  going  1      2  2.000  2.000  1.500");
    }

    @Test
    void run_damagedFiles_areDataErrorsWithTheirPlace() throws IOException {
        Path lines = runs.run("lines", "seed: 1\n", "{\"step\":1}\nnonsense\n{\"step\":2}\n", "");
        Path summary = runs.run("summary", "seed: 1\n", "", "{\"steps\": ");
        CommandRun first = CommandRun.exactly("compare", lines.toString());
        assertThat(first.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(first.err()).contains(lines.resolve("metrics.jsonl") + ":2: ");
        CommandRun second = CommandRun.exactly("compare", summary.toString());
        assertThat(second.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(second.err()).contains(summary.resolve("summary.json") + ": expected JSON, found ");
    }

    @Test
    void read_whatIsNoRun_isRefusedTogether() throws IOException {
        Path nothing = Files.createDirectory(directory.resolve("nothing"));
        Path neither = Files.createDirectory(directory.resolve("neither"));
        CommandRun run = CommandRun.exactly("compare", nothing.toString(), neither.toString());
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("2 problems", "runs: " + nothing + ": expected the directory of a run", neither.toString());
        CommandRun missing =
                CommandRun.exactly("compare", directory.resolve("gone").toString());
        assertThat(missing.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(missing.err()).contains("gone");
        assertThat(CommandRun.exactly("compare").err()).contains("runs: required but not given");
    }

    @Test
    void read_unknownMetricOrKey_isRefusedWithTheKnownOnes() throws IOException {
        Path run = runs.policy("a", "1", "0.001", 1);
        CommandRun metric = CommandRun.exactly("compare", run.toString(), "metrics=[rewrad]");
        assertThat(metric.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(metric.err()).contains("(loss, objective/kl, reward), found \"rewrad\"");
        CommandRun key = CommandRun.exactly("compare", run.toString(), "outptu=x.html");
        assertThat(key.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(key.err()).contains("nearest known key is output");
    }

    @Test
    void read_directoriesWithSignsInTheirNames_areRuns() throws IOException {
        Path comma = runs.policy("lr=0.1,beta=2", "1", "0.1", 1, 1);
        CommandRun run = CommandRun.exactly("compare", comma.toString());
        assertThat(run.out()).contains("reward        lr=0.1,beta=2  1      2  1.000");
    }

    @Test
    void run_outputInsideOfARun_isRefused() throws IOException {
        Path run = runs.policy("a", "1", "0.001", 1);
        CommandRun refused = CommandRun.exactly("compare", run.toString(), "output=" + run.resolve("report.html"));
        assertThat(refused.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.resolve("report.html")).doesNotExist();
    }
}
