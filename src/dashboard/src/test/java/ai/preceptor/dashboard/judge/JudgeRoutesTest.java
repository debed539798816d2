package ai.preceptor.dashboard.judge;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.dashboard.DashboardOptions;
import ai.preceptor.dashboard.DashboardServer;
import ai.preceptor.dashboard.run.RunFiles;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeRoutesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private JudgeSession session;
    private DashboardServer server;

    @BeforeEach
    void start() throws IOException {
        Prompt prompt = Prompt.user("q");
        Preference pair = new Preference(prompt, prompt.reply(HOSTILE), prompt.reply("b"));
        session = new JudgeSession(List.of(pair), directory.resolve("out"), 1, null, InstantSource.system());
        Path runs = Files.createDirectory(directory.resolve("runs"));
        server = DashboardServer.start(
                new DashboardOptions(runs, "127.0.0.1", 0), RunFiles::settings, List.of(new JudgeRoutes(session)));
    }

    @AfterEach
    void stop() {
        server.close();
        session.close();
    }

    @Test
    void page_isInTheMenu_andHasNoInlineScript() throws Exception {
        HttpResponse<String> page = get("judge");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("href=\"/judge\" aria-current=\"page\"")
                .doesNotContain("<script>");
        assertThat(get("assets/judge.js").statusCode()).isEqualTo(200);
        assertThat(get("assets/judge.css").statusCode()).isEqualTo(200);
    }

    @Test
    void page_withoutPairs_isInTheMenuAndSaysHowToStart() throws Exception {
        server.close();
        server = DashboardServer.start(
                new DashboardOptions(directory.resolve("runs"), "127.0.0.1", 0),
                RunFiles::settings,
                List.of(new JudgeInstructions()));
        assertThat(get("").body()).contains("<a href=\"/judge\">Judge</a>");
        assertThat(get("judge").body()).contains("/assets/judge-start.js");
        assertThat(get("assets/judge-start.js").body()).contains("./preceptor dashboard judge=", "output=");
        assertThat(get("api/judge").statusCode()).isEqualTo(404);
    }

    @Test
    void judge_withTheToken_keepsTheVerdictAndGivesTheNextPair() throws Exception {
        JsonNode before = JSON.readTree(get("api/judge").body());
        assertThat(before.path("pair").path("first").toString()
                        + before.path("pair").path("second"))
                .contains(HOSTILE);
        String token = JSON.readTree(get("api/token").body()).path("token").asText();
        String path = "api/judge?id=" + before.path("pair").path("id").asText() + "&verdict=first&millis=1500";

        assertThat(post(path, "forged").statusCode()).isEqualTo(403);
        assertThat(directory.resolve("out/judgments.jsonl")).doesNotExist();

        HttpResponse<String> after = post(path, token);
        assertThat(JSON.readTree(after.body()).path("done").asInt()).isEqualTo(1);
        assertThat(JSON.readTree(after.body()).has("pair")).isFalse();
        assertThat(JSON.readTree(directory.resolve("out/judgments.jsonl").toFile())
                        .path("seconds")
                        .asDouble())
                .isEqualTo(1.5);
        assertThat(JSON.readTree(get("api/judge/agreement").body())
                        .path("judged")
                        .asInt())
                .isEqualTo(1);
        assertThat(post(path, token).statusCode()).as("a second verdict").isEqualTo(400);

        assertThat(JSON.readTree(post("api/judge/undo", token).body()).has("pair"))
                .isTrue();
        assertThat(post("api/judge/undo", token).statusCode()).isEqualTo(400);
    }

    @Test
    void judge_anotherVerdict_isRefusedWithTheLegalOnes() throws Exception {
        String token = JSON.readTree(get("api/token").body()).path("token").asText();
        HttpResponse<String> refused = post("api/judge?id=x&verdict=third&millis=1", token);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("expected first, second or tie, found third");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.url() + path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String token) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .header("x-preceptor-token", token)
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
