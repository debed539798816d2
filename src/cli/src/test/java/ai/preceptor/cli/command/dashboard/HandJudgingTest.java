package ai.preceptor.cli.command.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.dashboard.DashboardConfig;
import ai.preceptor.cli.keys.dashboard.JudgeKeys;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.dashboard.DashboardOptions;
import ai.preceptor.dashboard.DashboardServer;
import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HandJudgingTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PAIRS = Golden.file("pairs.jsonl");

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();

    /** Rewards computed on the server's threads equal those of {@code score}. */
    @Test
    void agreement_withARewardModel_countsItsSigns() throws Exception {
        CommandRun train = CommandRun.of(
                "reward",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + PAIRS,
                "max_steps=1",
                "batch_size=2",
                "init_head=normal",
                "output=" + directory.resolve("reward"));
        assertThat(train.code()).as(train.err()).isEqualTo(ExitCode.DONE);
        Path model = directory.resolve("reward/model");
        Path scores = directory.resolve("scores.jsonl");
        CommandRun score = CommandRun.of("score", "model=" + model, "data=" + PAIRS, "output=" + scores);
        assertThat(score.code()).as(score.err()).isEqualTo(ExitCode.DONE);

        int pairs = 0;
        int right = 0;
        for (String line : Files.readAllLines(scores)) {
            JsonNode row = JSON.readTree(line);
            pairs++;
            right += row.path("rewards/chosen").asDouble()
                            > row.path("rewards/rejected").asDouble()
                    ? 1
                    : 0;
        }
        try (HandJudging judging = new HandJudging(keys(model), System.err);
                DashboardServer server = DashboardServer.start(
                        new DashboardOptions(directory, "127.0.0.1", 0),
                        (run, config) -> Optional.empty(),
                        judging.pages())) {
            String token = get(server, "api/token").path("token").asText();
            for (int i = 0; i < pairs; i++) {
                String id = get(server, "api/judge").path("pair").path("id").asText();
                client.send(
                        HttpRequest.newBuilder(URI.create(server.url() + "api/judge?verdict=first&id=" + id))
                                .header("x-preceptor-token", token)
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.discarding());
            }
            JsonNode agreement = get(server, "api/judge/agreement");
            while (agreement.path("pending").asInt() > 0) {
                Thread.sleep(10);
                agreement = get(server, "api/judge/agreement");
            }
            assertThat(agreement.path("judged").asInt()).isEqualTo(pairs);
            assertThat(agreement.path("teacher_and_reward_model").path("agreed").asInt())
                    .isEqualTo(right);
            assertThat(agreement.path("teacher_and_reward_model").path("of").asInt())
                    .isEqualTo(pairs);
            assertThat(agreement.path("first").path("rate").asDouble()).isEqualTo(1);
        }
    }

    @Test
    void open_aLanguageModelAsRewardModel_isRefused() {
        assertThatThrownBy(() -> new HandJudging(keys(Golden.dir("tiny-chat")), System.err).close())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected a reward model");
        assertThat(directory.resolve("judged")).doesNotExist();
    }

    /** Two files of a glob, one with an invalid row, as every key of rows takes them. */
    @Test
    void open_aGlobWithAnInvalidRow_isHandledByOnBadRow() throws Exception {
        Files.writeString(directory.resolve("a.jsonl"), pair("a") + "{\"prompt\": 1}\n");
        Files.writeString(directory.resolve("b.jsonl"), pair("b"));
        Path glob = directory.resolve("*.jsonl");
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        try (HandJudging judging = new HandJudging(keys(glob, OnBadRow.SKIP, null), new PrintStream(told));
                DashboardServer server = DashboardServer.start(
                        new DashboardOptions(directory, "127.0.0.1", 0),
                        (run, config) -> Optional.empty(),
                        judging.pages())) {
            assertThat(get(server, "api/judge").path("total").asInt()).isEqualTo(2);
        }
        assertThat(told.toString()).contains("3 rows read, 2 kept, 1 bad row", "skipped " + directory + "/a.jsonl:2: ");
        assertThatThrownBy(() -> new HandJudging(keys(glob, OnBadRow.FAIL, null), System.err))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("a.jsonl:2: ");
    }

    @Test
    void dashboard_aGlobThatMatchesNothing_isRefused() throws Exception {
        Files.writeString(directory.resolve("notes.md"), "none");
        CommandRun run = CommandRun.of(
                "dashboard",
                directory.toString(),
                "judge=" + directory.resolve("*.parquet"),
                "output=" + directory.resolve("out"));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("judge: expected files of rows: a file, a folder, a glob");
    }

    /** Verdicts usually lie among the runs, which the page only lists. */
    @Test
    void keys_anOutputAmongTheRuns_isTaken() {
        DashboardConfig keys = new DashboardCommand((run, config) -> Optional.empty())
                .read(
                        null,
                        List.of(directory.toString(), "judge=" + PAIRS, "output=" + directory.resolve("judged")),
                        References.NONE);
        assertThat(keys.judging().output()).isEqualTo(directory.resolve("judged"));
    }

    @Test
    void dashboard_anOutputThatHoldsARun_isRefused() throws Exception {
        Path run = Files.createDirectory(directory.resolve("judged"));
        Files.writeString(run.resolve("status.json"), "{\"command\":\"elicit\"}");
        CommandRun dashboard = CommandRun.of("dashboard", directory.toString(), "judge=" + PAIRS, "output=" + run);
        assertThat(dashboard.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(dashboard.err()).contains("output: " + run + " holds a run of elicit; choose another directory");
        assertThat(run.resolve("judgments.lock")).doesNotExist();
    }

    @Test
    void dashboard_judgeWithoutOutput_isRefused() {
        CommandRun run = CommandRun.of("dashboard", directory.toString(), "judge=" + PAIRS);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("output: expected a directory for the verdicts");
    }

    private JudgeKeys keys(Path model) {
        return keys(PAIRS, OnBadRow.FAIL, model);
    }

    private JudgeKeys keys(Path pairs, OnBadRow onBadRow, @Nullable Path model) {
        return new JudgeKeys(pairs, onBadRow, directory.resolve("judged"), model, 42, new DeviceKeys("cpu", 1));
    }

    private static String pair(String name) {
        return "{\"prompt\": \"" + name + "\", \"chosen\": \"yes\", \"rejected\": \"no\"}\n";
    }

    private JsonNode get(DashboardServer server, String path) throws IOException, InterruptedException {
        return JSON.readTree(client.send(
                        HttpRequest.newBuilder(URI.create(server.url() + path)).build(), BodyHandlers.ofString())
                .body());
    }
}
