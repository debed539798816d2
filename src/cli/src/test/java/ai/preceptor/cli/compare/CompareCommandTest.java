package ai.preceptor.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** The first is compared at step 1, to which the second has come: 0 and 3, of which the deviation is 3 over the root of 2. */
    @Test
    void run_seedsOfDifferentProgress_areComparedAsFarAsAllHaveCome() throws IOException {
        Path far = runs.policy("seed-1", "1", "0.001", 0, 1, 5);
        Path near = runs.policy("seed-2", "2", "0.001", 3);
        CommandRun run = CommandRun.exactly("compare", far.toString(), near.toString(), "metrics=[reward]");
        assertThat(run.out())
                .containsPattern("reward  seed-1, seed-2 +2 +1  1.500 ± 2.121  1.500 ± 2.121  1.500 ± 2.121");
    }

    @Test
    void run_runsAfterAList_areSaidToBeItsValues() throws IOException {
        Path a = runs.policy("a", "1", "0.001", 1);
        Path b = runs.policy("b", "1", "0.002", 1);
        CommandRun run = CommandRun.exactly("compare", "--metrics", "reward", a.toString(), b.toString());
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("runs: required but not given; " + a + " is read as a value of metrics: give the runs first");
        assertThat(CommandRun.exactly("compare", a.toString(), b.toString(), "--metrics", "reward")
                        .code())
                .isEqualTo(ExitCode.DONE);
    }

    @Test
    void run_sameSeedTwice_isNoSecondDraw() throws IOException {
        Path one = runs.policy("first", "1", "0.001", 1);
        Path again = runs.policy("again", "1", "0.001", 1);
        CommandRun run = CommandRun.exactly("compare", one.toString(), again.toString());
        assertThat(run.out()).startsWith("policy: 2 runs\n").doesNotContain("±");
    }

    /** Of first (last reward 1) and again (5) the one that finished later counts beside other (3): mean 4, root of 2. */
    @Test
    void run_sameSeedTwice_theLaterFinishedCounts_whichIsSaid() throws IOException {
        Path first = runs.policy("first", "1", "0.001", 1);
        Path again = runs.policy("again", "1", "0.001", 5);
        Path other = runs.policy("other", "2", "0.001", 3);
        Files.writeString(first.resolve("status.json"), "{\"state\": \"finished\", \"updated\": 10}");
        Files.writeString(again.resolve("status.json"), "{\"state\": \"finished\", \"updated\": 11}");
        CommandRun run = CommandRun.exactly("compare", first.toString(), again.toString(), other.toString());
        assertThat(run.err())
                .isEqualTo("compare: " + first + ": has the settings and the seed of " + again
                        + ", which finished later; only that one counts as a draw of them\n");
        assertThat(run.out())
                .startsWith("policy: 3 runs, 1 without their seeds\n")
                .containsPattern("reward +again, other +1, 2 +2 +1 +4.000 ± 1.414")
                .containsPattern("reward +first +1 +1 +1 +1.000 ");
    }

    @Test
    void run_unfinishedAndTorn_isSaidAndWhatIsWholeIsCompared() throws IOException {
        Path going = runs.run(
                "going",
                "algorithm: rloo\nseed: 1\n",
                "{\"step\":1,\"reward\":1.0}\n{\"step\":2,\"reward\":2.0}\n{\"step\":3,\"rew",
                "");
        Path empty = runs.run("empty", "algorithm: rloo\nseed: 1\nbeta: 0.3\n", "", "");
        Files.writeString(empty.resolve("status.json"), "{\"state\": \"failed\", \"message\": \"no space\"}");
        CommandRun run = CommandRun.exactly("compare", going.toString(), empty.toString());
        assertThat(run.code()).isEqualTo(ExitCode.DONE);
        assertThat(run.err().lines())
                .containsExactly(
                        "compare: " + going.resolve("metrics.jsonl") + ": the last line is incomplete and left out;"
                                + " the run is writing it, or was killed",
                        "compare: " + going + ": not finished; 2 steps so far",
                        "compare: " + empty + ": not finished; no metrics yet; failed: no space");
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

    /** Two recipes with a stage of one name and settings that differ: what learns from them differs too. */
    @Test
    void run_recipes_expandToStagesAndTellTheirSourcesApart() throws IOException {
        for (String recipe : List.of("one", "two", "three")) {
            Path root = directory.resolve(recipe);
            runs.run(
                    recipe + "/reward",
                    "center_rewards_coefficient: " + (recipe.equals("two") ? 0.5 : 0.1) + "\n"
                            + "init_head: zeros\nseed: 1\n",
                    "{\"step\":1,\"accuracy\":0.5}\n",
                    """
                    {"eval_accuracy": 0.75, "eval_accuracy_low": 0.6, "eval_accuracy_high": 0.85}""");
            String seed = recipe.equals("three") ? "2" : "1";
            runs.run(
                    recipe + "/seed-" + seed + "/rloo",
                    "algorithm: rloo\nreward_model: '" + root + "/reward/model'\nseed: " + seed + "\n",
                    "{\"step\":1,\"reward\":" + seed + "}\n",
                    "{}");
            Files.writeString(root.resolve("stages.jsonl"), """
                    {"stage":"reward","keys":{"command":"reward"}}
                    {"stage":"seed-%s/rloo","keys":{"command":"policy"}}
                    """.formatted(seed));
        }
        CommandRun run = CommandRun.exactly(
                "compare",
                directory.resolve("one").toString(),
                directory.resolve("two").toString(),
                directory.resolve("three/seed-2/rloo").toString());
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out())
                .contains("settings that differ: center_rewards_coefficient", "policy: 3 runs, 2 without their seeds")
                .containsPattern("one/reward +1 +75.0 % \\(60.0 to 85.0\\)")
                .as("one and three differ in their seed only")
                .containsPattern("reward  one/rloo, three/rloo .*2 +1  1.500 ± 0.707")
                .containsPattern("reward  two/seed-1/rloo .*stage:reward \\([0-9a-f]{4}\\)");
    }

    /** Constant over all runs, that is: what differs from run to run has a chart. */
    @Test
    void run_page_namesConstants() throws IOException {
        String steps =
                "{\"step\":1,\"reward\":1,\"beta\":0.1,\"clip\":%d}\n{\"step\":2,\"reward\":2,\"beta\":0.1,\"clip\":%d}\n";
        Path a = runs.run("a", "algorithm: rloo\nseed: 1\n", steps.formatted(0, 0), "{}");
        Path b = runs.run("b", "algorithm: grpo\nseed: 1\n", steps.formatted(1, 1), "{}");
        Path page = directory.resolve("page.html");
        CommandRun run = CommandRun.exactly("compare", a.toString(), b.toString(), "output=" + page);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(page)
                .content()
                .contains("Not drawn: beta is 0.1000.", "<figcaption>clip<")
                .doesNotContain("<figcaption>beta<");
    }

    @Test
    void run_page_isOneFileAndHostileTextsStayTexts() throws IOException {
        String hostile = "<script>alert(1)<script>";
        Path a = runs.run(
                "a" + hostile, "algorithm: '" + hostile + "'\nseed: 1\n", "{\"step\":1,\"" + hostile + "\":1}\n", """
                {"methods": [{"method": "<b>start", "win_rate": 0.5, "win_rate_low": 0.4, "win_rate_high": 0.6}]}""");
        Path b = runs.policy("b", "1", "0.1", 1, 2);
        Path again = runs.policy("c", "2", "0.1", 3, 4);
        Path page = directory.resolve("page.html");
        CommandRun run = CommandRun.exactly("compare", a.toString(), b.toString(), again.toString(), "output=" + page);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).contains("report  " + page);
        assertThat(page)
                .content()
                .contains("&lt;script&gt;alert(1)", "&lt;b&gt;start", "50.0 % (40.0 to 60.0)", "b, c (2 seeds)")
                .contains("class=\"band\"", "Reward over KL to the reference", "policy: settings that differ")
                .doesNotContain("<script", "<b>", "src=", "href=", "http:", "https:");
    }
}
