package ai.preceptor.track.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.track.LoggedLine;
import ai.preceptor.track.RunFixture;
import ai.preceptor.track.RunOutcome;
import ai.preceptor.track.TrackedRun;
import ai.preceptor.track.Tracker;
import ai.preceptor.track.TrackerContract;
import ai.preceptor.track.TrackerRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowTrackerTest extends TrackerContract {
    private static final String SECRET = "s3cret-token-0123456789";

    @TempDir
    Path run;

    private FakeMlflow server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeMlflow();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected Tracker tracker() {
        return new MlflowTracker(MlflowServer.of(server.environment()), () -> 5L);
    }

    @Override
    protected Map<String, List<Double>> recorded(Path directory) {
        Map<String, List<Double>> values = new TreeMap<>();
        server.last()
                .metrics
                .forEach(metric -> values.computeIfAbsent(metric.get(1) + " " + metric.get(0), key -> new ArrayList<>())
                        .add((Double) metric.get(3)));
        return values;
    }

    @Override
    protected double kept(double value) {
        return value;
    }

    private Tracker with(String... variables) {
        Map<String, String> environment = new HashMap<>(server.environment());
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new MlflowTracker(MlflowServer.of(environment), () -> 5L);
    }

    @Test
    void run_isOneRunOfTheServer_overProcesses() throws IOException {
        RunFixture fixture = new RunFixture(run);
        fixture.steps(1, 2);
        Tracker first = tracker();
        fixture.deliver(first, 0, () -> 1L);
        first.finish(RunOutcome.KILLED);
        assertThat(server.last().status).isEqualTo("KILLED");
        Tracker second = tracker();
        fixture.deliver(second, 2, () -> 2L);
        assertThat(server.last().status).isEqualTo("RUNNING");
        second.finish(RunOutcome.FINISHED);
        assertThat(server.runs).hasSize(1);
        assertThat(server.experiments).containsExactly("preceptor");
        assertThat(server.last().status).isEqualTo("FINISHED");
        assertThat(server.last().parameters)
                .containsExactlyInAnyOrderEntriesOf(Map.of("learning_rate", "1.0E-4", "model", "m", "shuffle", "true"));
    }

    @Test
    void creation_whoseAnswerIsLost_isFoundAgain() throws IOException {
        server.losesAnswers = true;
        assertThatThrownBy(() -> new RunFixture(run).deliver(tracker(), 0, () -> 1L))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(TrackerRefusedException.class)
                .hasMessage("runs/create: HTTP 502");
        new RunFixture(run).deliver(tracker(), 1, () -> 1L);
        assertThat(server.runs).hasSize(1);
        assertThat(server.calls).contains("runs/search");
    }

    @Test
    void batches_keepTheLimits() throws IOException {
        Map<String, Double> many = new LinkedHashMap<>();
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < 700; i++) {
            many.put("m" + i, 1.0);
            settings.put("key" + i, "x".repeat(i));
        }
        Tracker tracker = tracker();
        tracker.open(new TrackedRun(run, "r", "reward", settings), RunFixture.state(run.resolve("other.json")), 0);
        tracker.log(Collections.nCopies(3, new LoggedLine(1, 2, many)));
        assertThat(server.last().metrics).hasSize(700);
        assertThat(server.last().parameters)
                .hasSize(700)
                .allSatisfy((key, value) -> assertThat(value).hasSizeLessThanOrEqualTo(500));
    }

    /** Half a surrogate pair is no Unicode: databases refuse it, which MLflow answers with 500, an outage without an end. */
    @Test
    void longParameter_endsWithAWholeCharacter() throws IOException {
        String emoji = "\ud83d\ude00";
        Map<String, String> settings = Map.of(
                "cut",
                "x".repeat(499) + emoji,
                "whole",
                "x".repeat(498) + emoji,
                "longer",
                "x".repeat(498) + emoji + "y");
        tracker().open(new TrackedRun(run, "r", "reward", settings), RunFixture.state(run.resolve("other.json")), 0);
        assertThat(server.last().parameters)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "cut", "x".repeat(499), "whole", "x".repeat(498) + emoji, "longer", "x".repeat(498) + emoji));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503})
    void failure_thatPasses_isAnOutage(int status) {
        server.failures.add(status);
        assertThatThrownBy(() -> new RunFixture(run).deliver(tracker(), 0, () -> 1L))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(TrackerRefusedException.class)
                .hasMessageEndingWith("HTTP " + status);
    }

    /** A proxy sends headers and the first byte of a body, then nothing. */
    @Test
    @Timeout(60)
    void answer_thatStalls_isAnOutage() throws IOException {
        server.stallsInBodies = true;
        Tracker impatient = new MlflowTracker(MlflowServer.of(server.environment()), () -> 5L, Duration.ofMillis(300));
        assertThatThrownBy(() -> new RunFixture(run).deliver(impatient, 0, () -> 1L))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(TrackerRefusedException.class)
                .hasMessage("http://127.0.0.1:" + server.port() + ": no whole answer within 0.3 s");
        server.stallsInBodies = false;
        new RunFixture(run).deliver(tracker(), 1, () -> 1L);
        assertThat(server.runs).hasSize(1);
    }

    @Test
    void answer_thatIsTooLong_isReadInPart() {
        server.failures.add(503);
        server.failureBody = "[" + "1,".repeat(1 << 20);
        assertThatThrownBy(() -> new RunFixture(run).deliver(tracker(), 0, () -> 1L))
                .isInstanceOf(IOException.class)
                .hasMessage("experiments/get-by-name: HTTP 503");
    }

    /** A redirect is not followed: it would carry the secret to another server. */
    @ParameterizedTest
    @ValueSource(ints = {302, 307, 400, 403, 404})
    void failure_thatStays_isARefusal(int status) {
        server.failures.add(status);
        server.failureBody = "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"" + SECRET + "\"}";
        assertThatThrownBy(() -> new RunFixture(run).deliver(tracker(), 0, () -> 1L))
                .isInstanceOf(TrackerRefusedException.class)
                .hasMessage("experiments/get-by-name: HTTP " + status + " PERMISSION_DENIED");
    }

    @Test
    void secrets_areSent_andToldNowhere() throws IOException {
        server.wantedAuthorization = "Bearer " + SECRET;
        new RunFixture(run).deliver(with("MLFLOW_TRACKING_TOKEN", SECRET), 0, () -> 1L);
        server.wantedAuthorization = "Basic dTpw";
        Path other = run.resolve("other");
        Files.createDirectories(other);
        new RunFixture(other)
                .deliver(with("MLFLOW_TRACKING_USERNAME", "u", "MLFLOW_TRACKING_PASSWORD", "p"), 0, () -> 1L);
        assertThat(server.runs).hasSize(2);
        server.wantedAuthorization = "Bearer another";
        assertThatThrownBy(() -> new RunFixture(run).deliver(with("MLFLOW_TRACKING_TOKEN", SECRET), 1, () -> 1L))
                .isInstanceOf(TrackerRefusedException.class)
                .hasMessage("runs/update: HTTP 401");
        assertThat(run.resolve("trackers/mlflow.json")).content().doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:5000",
                "file:///x",
                "http://u:" + SECRET + "@h:1",
                "http://h/?a=" + SECRET,
                "http://127.0.0.1:5000/#/experiments/1",
                "http://[" + SECRET
            })
    void address_thatIsNoServer_isRefused(String address) {
        assertThatThrownBy(() -> MlflowServer.of(Map.of("MLFLOW_TRACKING_URI", address)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("MLFLOW_TRACKING_URI")
                .hasMessageContaining("report_to")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void names_haveTheCharactersOfMlflow() {
        assertThat(MlflowTracker.name("eval_pass@1")).isEqualTo("eval_pass_1");
        assertThat(MlflowTracker.name("rewards/rule:brevity/mean")).isEqualTo("rewards/rule_brevity/mean");
        assertThat(MlflowTracker.name("a".repeat(300))).hasSize(250);
    }

    @Test
    void server_changedBetweenProcesses_isRefused() throws IOException {
        new RunFixture(run).deliver(tracker(), 0, () -> 1L);
        Tracker elsewhere =
                new MlflowTracker(MlflowServer.of(Map.of("MLFLOW_TRACKING_URI", "http://127.0.0.1:1")), () -> 5L);
        assertThatThrownBy(() -> new RunFixture(run).deliver(elsewhere, 1, () -> 1L))
                .isInstanceOf(TrackerRefusedException.class)
                .hasMessageContaining("MLFLOW_TRACKING_URI is http://127.0.0.1:1");
    }
}
