package ai.preceptor.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.OutputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of a repository in the cache does not count as the whole. */
class PartlyCachedTest {
    private static final String REPO = "org/pairs";

    @TempDir
    Path home;

    private static HubName name(RepoKind kind, String written) {
        return HubName.parse(kind, written).orElseThrow();
    }

    private HubSnapshot get(LoopbackHub server, String written, Map<String, String> more) {
        return get(server, RepoKind.DATASET, written, more);
    }

    private HubSnapshot get(LoopbackHub server, RepoKind kind, String written, Map<String, String> more) {
        Map<String, String> environment =
                new HashMap<>(Map.of("HF_ENDPOINT", server.endpoint().toString()));
        environment.putAll(more);
        return new Hub(HubSettings.of(environment, home)
                        .withRetries(new Retries(1, Duration.ofMillis(1), Duration.ofSeconds(10))))
                .get(name(kind, written), HubProgress.SILENT);
    }

    private Path snapshot(String folder) {
        return home.resolve(".cache/huggingface/hub")
                .resolve(folder)
                .resolve("snapshots")
                .resolve(LoopbackHub.COMMIT);
    }

    private static final Map<String, String> OFFLINE = Map.of("HF_HUB_OFFLINE", "1");

    @Test
    void get_afterAnotherSplit_isNotThatSplit() throws IOException {
        try (LoopbackHub server = new LoopbackHub(RepoKind.DATASET, REPO)
                .with("data/train-00000-of-00001.parquet", "train")
                .with("data/test-00000-of-00001.parquet", "test")) {
            get(server, REPO + ":test", Map.of());
            assertThatThrownBy(() -> get(server, REPO, OFFLINE))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("split train")
                    .hasMessageContaining("data/test-00000-of-00001.parquet")
                    .hasMessageContaining("HF_HUB_OFFLINE");
            assertThat(get(server, REPO, Map.of()).path()).hasContent("train");
            server.requests.clear();
            assertThat(get(server, REPO, Map.of()).path()).hasContent("train");
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void get_afterOneOfItsFiles_isAllOfThem() throws IOException {
        try (LoopbackHub server = new LoopbackHub(RepoKind.DATASET, REPO)
                .with("train/0.csv", "a")
                .with("train/1.csv", "b")
                .with("train/2.csv", "c")) {
            get(server, REPO + "/train/0.csv", Map.of());
            server.requests.clear();
            assertThat(get(server, REPO, Map.of()).path())
                    .isEqualTo(snapshot("datasets--org--pairs").resolve("train/*.csv"));
        }
    }

    @Test
    void get_filesThatSayNotHowManyThereAre_asksForTheListOnly() throws IOException {
        try (LoopbackHub server =
                new LoopbackHub(RepoKind.DATASET, REPO).with("train/0.csv", "a").with("train/1.csv", "b")) {
            HubSnapshot first = get(server, REPO, Map.of());
            server.requests.clear();
            assertThat(get(server, REPO, Map.of())).isEqualTo(first);
            assertThat(server.requests).containsExactly("GET /api/datasets/org/pairs/revision/main");
            assertThat(get(server, REPO, OFFLINE)).isEqualTo(first);
            server.failures.add(503);
            assertThatThrownBy(() -> get(server, REPO, Map.of()))
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("HF_HUB_OFFLINE=1 takes what the cache has");
        }
    }

    @Test
    void get_oneFileThatNamesNoSplit_isThereOffline() throws IOException {
        try (LoopbackHub server = new LoopbackHub(RepoKind.DATASET, REPO).with("pairs.jsonl", "{}")) {
            HubSnapshot first = get(server, REPO, Map.of());
            assertThat(get(server, REPO, OFFLINE)).isEqualTo(first);
        }
    }

    @Test
    void get_afterOneOfItsFolders_asksForOne() throws IOException {
        try (LoopbackHub server = new LoopbackHub(RepoKind.DATASET, REPO)
                .with("de/train-00000-of-00001.parquet", "de")
                .with("en/train-00000-of-00001.parquet", "en")) {
            get(server, REPO + "/en", Map.of());
            assertThatThrownBy(() -> get(server, REPO, Map.of())).hasMessageContaining("several folders (de, en)");
        }
    }

    @Test
    void get_afterADownloadThatStopped_isTheWholeDataSet() throws IOException {
        String pinned = REPO + "@" + LoopbackHub.COMMIT;
        try (LoopbackHub server =
                new LoopbackHub(RepoKind.DATASET, REPO).with("train/0.csv", "a").with("train/1.csv", "b")) {
            server.damaged.put("train/1.csv", "x".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> get(server, pinned, Map.of())).hasMessageContaining("damaged");
            assertThatThrownBy(() -> get(server, pinned, OFFLINE)).isInstanceOf(ConfigurationException.class);
            server.damaged.clear();
            server.requests.clear();
            assertThat(get(server, pinned, Map.of()).path())
                    .isEqualTo(snapshot("datasets--org--pairs").resolve("train/*.csv"));
            assertThat(server.requests).noneMatch(request -> request.startsWith("GET") && request.endsWith("/0.csv"));
        }
    }

    private static LoopbackHub model() throws IOException {
        return new LoopbackHub(RepoKind.MODEL, REPO)
                .withLarge("model.safetensors", new byte[1000])
                .with("config.json", "{}")
                .with("tokenizer.json", "{}")
                .with("tokenizer_config.json", "{\"a\": 1}");
    }

    @Test
    void get_afterADownloadThatStopped_isTheWholeModel() throws IOException {
        String pinned = REPO + "@" + LoopbackHub.COMMIT;
        try (LoopbackHub server = model()) {
            server.damaged.put("tokenizer_config.json", "x".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> get(server, RepoKind.MODEL, pinned, Map.of()))
                    .hasMessageContaining("damaged");
            server.damaged.clear();
            assertThat(get(server, RepoKind.MODEL, pinned, Map.of()).path().resolve("tokenizer_config.json"))
                    .hasContent("{\"a\": 1}");
        }
    }

    @Test
    void get_aFileThatCannotBePlaced_leavesNoWeights() throws IOException {
        Path inTheWay = Files.createDirectories(snapshot("models--org--pairs").resolve("tokenizer_config.json/x"));
        String pinned = REPO + "@" + LoopbackHub.COMMIT;
        try (LoopbackHub server = model()) {
            assertThatThrownBy(() -> get(server, RepoKind.MODEL, pinned, Map.of()))
                    .isInstanceOf(OutputException.class);
            Files.delete(inTheWay);
            Files.delete(inTheWay.resolveSibling(""));
            assertThat(get(server, RepoKind.MODEL, pinned, Map.of()).path().resolve("tokenizer_config.json"))
                    .isRegularFile();
        }
    }

    @Test
    void get_afterOneOfSeveralGgufFiles_asksForOne() throws IOException {
        try (LoopbackHub server =
                new LoopbackHub(RepoKind.MODEL, REPO).with("q4.gguf", "4").with("q8.gguf", "8")) {
            get(server, RepoKind.MODEL, REPO + "/q4.gguf", Map.of());
            assertThatThrownBy(() -> get(server, RepoKind.MODEL, REPO, Map.of()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("several GGUF files");
        }
    }

    @Test
    void get_aModelWithoutSettingsOfItsTokenizer_asksForThem() throws IOException {
        Path there = Files.createDirectories(snapshot("models--org--pairs"));
        for (String file : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
            Files.writeString(there.resolve(file), "{}");
        }
        String pinned = REPO + "@" + LoopbackHub.COMMIT;
        try (LoopbackHub server = model()) {
            assertThat(get(server, RepoKind.MODEL, pinned, OFFLINE).path()).isEqualTo(there);
            get(server, RepoKind.MODEL, pinned, Map.of());
            assertThat(there.resolve("tokenizer_config.json")).isRegularFile();
        }
    }
}
