package ai.preceptor.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compare charts=DIR}. */
class CompareChartsTest {
    private static final String GOLD = "rewards/teacher/mean";
    private static final String PROXY = "rewards/reward_model/mean";

    @TempDir
    Path directory;

    private RunsByHand runs;
    private Path charts;

    @BeforeEach
    void findRuns() {
        runs = new RunsByHand(directory);
        charts = directory.resolve("charts");
    }

    @Test
    void run_charts_areAFileForEachOfThePage() throws IOException {
        Path a = runs.policy("a", "1", "0.001", 1, 2);
        Path b = runs.policy("b", "2", "0.001", 3, 5);
        CommandRun run = compare(a, b, "charts=" + charts);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).contains("charts  " + charts + " (3)");
        assertThat(names()).containsExactly("objective-kl.svg", "reward-over-kl.svg", "reward.svg");
        assertThat(charts.resolve("reward.svg"))
                .content()
                .contains("a, b (2 seeds)", "class=\"band\"", ">step<", "one sample standard deviation");
        assertThat(charts.resolve("objective-kl.svg"))
                .content()
                .as("seeds that agree have no band")
                .doesNotContain("<polygon");
    }

    /** What compare wrote is replaced; any other file stays, and with it all of an earlier call. */
    @Test
    void run_fileOfAnother_isRefusedAndLeft() throws IOException {
        Path a = runs.policy("a", "1", "0.001", 1, 2);
        assertThat(compare(a, "charts=" + charts).code()).isEqualTo(ExitCode.DONE);
        Path own = Files.writeString(charts.resolve("reward.svg"), "<svg>drawn by hand</svg>");
        Path before = charts.resolve("objective-kl.svg");
        Files.writeString(before, Files.readString(before) + "<!-- an earlier call -->");
        Path page = directory.resolve("page.html");
        CommandRun run = compare(a, "charts=" + charts, "output=" + page);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("charts: expected a directory", "found others: " + own);
        assertThat(own).hasContent("<svg>drawn by hand</svg>");
        assertThat(before).content().contains("an earlier call");
        assertThat(page).doesNotExist();
        Files.delete(own);
        assertThat(compare(a, "charts=" + charts).code()).isEqualTo(ExitCode.DONE);
        assertThat(before).content().doesNotContain("an earlier call");
    }

    @Test
    void run_chartsInsideOfARun_areRefused() throws IOException {
        Path a = runs.policy("a", "1", "0.001", 1, 2);
        CommandRun run = compare(a, "charts=" + a.resolve("charts"));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("charts: expected a path apart from all inputs");
    }

    /** Gold and proxy of two settings over KL: four lines, of which those of one setting have one colour. */
    @Test
    void run_metricsTogetherOverAnother_areOneChart() throws IOException {
        String joined = GOLD + "+" + PROXY;
        CommandRun run = compare(
                gold("a", 1, 0.1),
                gold("b", 2, 0.1),
                gold("c", 1, 0.2),
                "metrics=[" + joined + "]",
                "x=objective/kl",
                "window=2",
                "charts=" + charts);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out().lines()).anyMatch(line -> line.startsWith(GOLD)).anyMatch(line -> line.startsWith(PROXY));
        assertThat(names()).containsExactly("rewards-teacher-mean-and-rewards-reward_model-mean-over-objective-kl.svg");
        String svg = Files.readString(charts.resolve(names().get(0)));
        assertThat(svg)
                .contains(">objective/kl<", ">rewards/*/mean<", "a, b: " + GOLD + " (2 seeds)", "c: " + PROXY)
                .contains("a window of 2 steps");
        assertThat(Pattern.compile("<polyline").matcher(svg).results()).hasSize(4);
        assertThat(Pattern.compile("<g class=\"c1( dashed)?\"><polyline")
                        .matcher(svg)
                        .results())
                .hasSize(2);
        assertThat(Pattern.compile("<polygon").matcher(svg).results())
                .as("bands of the two lines that are of two seeds")
                .hasSize(2);
    }

    /** Divergences 1 and 3 of the window of both steps: the root of 2. */
    @Test
    void run_rootOfAMetric_isDrawnByIt() throws IOException {
        Path a = runs.run(
                "a",
                "algorithm: rloo\nseed: 1\n",
                "{\"step\":1,\"reward\":1,\"objective/kl\":1}\n{\"step\":2,\"reward\":2,\"objective/kl\":3}\n",
                "{}");
        CommandRun run = compare(a, "metrics=[reward]", "x=sqrt(objective/kl)", "window=2", "charts=" + charts);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(names()).containsExactly("reward-over-sqrt-objective-kl.svg");
        assertThat(charts.resolve(names().get(0)))
                .content()
                .contains("√ objective/kl", "<title>a: 1.414, 1.500</title>");
    }

    @Test
    void run_unknownNames_areRefused() throws IOException {
        Path a = runs.policy("a", "1", "0.001", 1, 2);
        assertThat(compare(a, "x=kl").err())
                .contains("x: expected step, or a metric that a run has (loss, objective/kl, reward), or sqrt(METRIC)");
        assertThat(compare(a, "metrics=[reward+]").err()).contains("metrics: expected names", "found \"reward+\"");
        assertThat(compare(a, "metrics=[reward+rewrad]").err()).contains("found \"rewrad\"");
        assertThat(compare(a, "window=0").err()).contains("window: ", "[1, inf)");
    }

    /** Asked for, but no run has both; charts that nobody asked for are left out without a word. */
    @Test
    void run_chartWithoutACommonStep_isReported() throws IOException {
        Path a = runs.run(
                "a",
                "algorithm: rloo\nseed: 1\n",
                "{\"step\":1,\"reward\":1,\"loss\":1}\n{\"step\":2,\"reward\":2,\"objective/kl\":3}\n",
                "{}");
        CommandRun run = compare(a, "metrics=[reward,loss]", "x=objective/kl", "charts=" + charts);
        assertThat(run.code()).isEqualTo(ExitCode.DONE);
        assertThat(run.err()).contains("compare: no chart of loss: no step, or no evaluation, has all of it");
        assertThat(names()).containsExactly("reward-over-objective-kl.svg");
    }

    /** Names that become the same, of which none is lost. */
    @Test
    void run_namesThatAreAlikeOnceWritten_areNumbered() throws IOException {
        Path a = runs.run("a", "seed: 1\n", "{\"step\":1,\"x/y\":1,\"x-y\":2,\"../../up\":3,\"X y\":4}\n", "{}");
        assertThat(compare(a, "charts=" + charts).code()).isEqualTo(ExitCode.DONE);
        assertThat(names()).containsExactly("X-y-3.svg", "up.svg", "x-y-2.svg", "x-y.svg");
    }

    /** The figures of evaluations have the names of the rows, so that one that is new is drawn too. */
    @Test
    void run_evaluations_haveChartsByMethodAndOverKl() throws IOException {
        Path one = evaluation("one", 1, 0.6, 2.0);
        Path two = evaluation("two", 2, 0.7, 4.0);
        CommandRun run = compare(one, two, "charts=" + charts);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(names())
                .containsExactly(
                        "results-new_score-over-kl.svg",
                        "results-new_score.svg",
                        "results-win_rate-over-kl.svg",
                        "results-win_rate.svg");
        assertThat(charts.resolve("results-win_rate.svg"))
                .content()
                .as("a mark and an interval for each seed; start has no win rate")
                .contains(">dpo<", "<title>dpo: 0.6000</title>", "<title>dpo: 0.7000</title>", ">win_rate<")
                .contains("95 % intervals over prompts")
                .doesNotContain(">start<", "<polyline");
        assertThat(charts.resolve("results-win_rate-over-kl.svg"))
                .content()
                .as("means over seeds: 3 nats, 0.65")
                .contains("<title>dpo: 3.000, 0.6500<", "KL to the reference, nats per answer");
        assertThat(charts.resolve("results-new_score-over-kl.svg")).content().contains(">start<", ">dpo<");
        CommandRun chosen = compare(one, two, "metrics=[new_score]", "charts=" + directory.resolve("chosen"));
        assertThat(chosen.code()).as(chosen.err()).isEqualTo(ExitCode.DONE);
        assertThat(directory.resolve("chosen/results-new_score.svg")).exists();
        assertThat(directory.resolve("chosen/results-win_rate.svg")).doesNotExist();
    }

    /** One seed: the interval of the row itself, 0.5 to 0.7, along the axis. */
    @Test
    void run_oneEvaluation_hasTheRowsInterval() throws IOException {
        CommandRun run = compare(evaluation("one", 1, 0.6, 2.0), "charts=" + charts);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        String svg = Files.readString(charts.resolve("results-win_rate-over-kl.svg"));
        assertThat(Pattern.compile("class=\"whisker\"").matcher(svg).results())
                .as("of the win rate and of the divergence")
                .hasSize(2);
    }

    @Test
    void run_chartsOfTwoCommandsWithOneName_beginWithTheCommand() throws IOException {
        Path policy = runs.policy("a", "1", "0.001", 1, 2);
        Path reward = runs.run(
                "b",
                "center_rewards_coefficient: 0.1\ninit_head: zeros\nseed: 1\n",
                "{\"step\":1,\"reward\":1}\n{\"step\":2,\"reward\":0.5}\n",
                "{}");
        CommandRun run = compare(policy, reward, "charts=" + charts);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(names())
                .containsExactly("objective-kl.svg", "policy-reward.svg", "reward-over-kl.svg", "reward-reward.svg");
    }

    private Path evaluation(String name, int seed, double rate, double kl) throws IOException {
        String summary = String.format(
                Locale.ROOT,
                "{\"methods\": [{\"method\": \"start\", \"win_rate\": null, \"new_score\": 1, \"new_score_low\": 0,"
                        + " \"new_score_high\": 2, \"kl_to_reference\": 0.0}, {\"method\": \"dpo\", \"win_rate\": %f,"
                        + " \"win_rate_low\": %f, \"win_rate_high\": %f, \"new_score\": 2, \"new_score_low\": 1,"
                        + " \"new_score_high\": 3, \"kl_to_reference\": %f, \"kl_to_reference_low\": %f,"
                        + " \"kl_to_reference_high\": %f, \"seconds\": 3}]}",
                rate,
                rate - 0.1,
                rate + 0.1,
                kl,
                kl - 0.5,
                kl + 0.5);
        return runs.run(name, "baseline: b\nmodel: [m]\nseed: " + seed + "\n", "", summary);
    }

    /** Four steps, whose divergence rises from 1 to 4. */
    private Path gold(String name, int seed, double beta) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= 4; step++) {
            lines.append(String.format(
                    Locale.ROOT,
                    "{\"step\":%d,\"reward\":%d,\"objective/kl\":%d,\"%s\":%f,\"%s\":%d}%n",
                    step,
                    step,
                    step,
                    GOLD,
                    1.0 / step + seed,
                    PROXY,
                    step * seed));
        }
        return runs.run(
                name, "algorithm: rloo\nbeta: " + beta + "\nseed: " + seed + "\n", lines.toString(), "{\"steps\": 4}");
    }

    private static CommandRun compare(Object... arguments) {
        List<String> all = new ArrayList<>(List.of("compare"));
        Stream.of(arguments).map(Object::toString).forEach(all::add);
        return CommandRun.exactly(all.toArray(String[]::new));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(charts)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
