package ai.preceptor.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server on loopback, into the layout that huggingface_hub has. */
class HubTest {
    private static final String REPO = "org/tiny-model";
    private static final HubName NAME = HubName.parse(RepoKind.MODEL, REPO).orElseThrow();

    @TempDir
    Path home;

    private LoopbackHub server;
    private final byte[] weights = new byte[300_000];

    @BeforeEach
    void start() throws IOException {
        new Random(17).nextBytes(weights);
        server = new LoopbackHub(RepoKind.MODEL, REPO)
                .with("config.json", "{}")
                .with("tokenizer.json", "{\"a\": 1}")
                .with("tokenizer_config.json", "{}\n")
                .with("README.md", "# Tiny")
                .with("pytorch_model.bin", "a pickle")
                .with("figures/loss.png", "a picture")
                .withLarge("model.safetensors", weights);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Hub hub(Map<String, String> more) {
        Map<String, String> environment =
                new HashMap<>(Map.of("HF_ENDPOINT", server.endpoint().toString()));
        environment.putAll(more);
        return new Hub(HubSettings.of(environment, home)
                .withRetries(new Retries(3, Duration.ofMillis(1), Duration.ofSeconds(10))));
    }

    private Path repo() {
        return home.resolve(".cache/huggingface/hub/models--org--tiny-model");
    }

    @Test
    void get_anEmptyCache_hasHuggingFacesLayout() throws IOException {
        HubSnapshot found = hub(Map.of()).get(NAME, HubProgress.SILENT);
        assertThat(found.commit()).isEqualTo(LoopbackHub.COMMIT);
        assertThat(found.path()).isEqualTo(repo().resolve("snapshots").resolve(LoopbackHub.COMMIT));
        assertThat(Files.readString(repo().resolve("refs/main"))).isEqualTo(LoopbackHub.COMMIT);
        Path pointer = found.path().resolve("model.safetensors");
        assertThat(Files.readSymbolicLink(pointer)).isEqualTo(Path.of("../../blobs/" + Sha256.of(weights)));
        assertThat(pointer).hasBinaryContent(weights);
        assertThat(Files.readSymbolicLink(found.path().resolve("config.json")))
                .isEqualTo(Path.of("../../blobs/" + LoopbackHub.gitDigest("{}".getBytes(StandardCharsets.UTF_8))));
        try (var files = Files.list(found.path())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "config.json", "tokenizer.json", "tokenizer_config.json", "README.md", "model.safetensors");
        }
        try (var blobs = Files.list(repo().resolve("blobs"))) {
            assertThat(blobs).hasSize(5);
        }
    }

    @Test
    void get_aSecondTime_asksNobody() {
        HubSnapshot first = hub(Map.of()).get(NAME, HubProgress.SILENT);
        server.requests.clear();
        assertThat(hub(Map.of()).get(NAME, HubProgress.SILENT)).isEqualTo(first);
        assertThat(hub(Map.of("HF_HUB_OFFLINE", "1")).get(NAME, HubProgress.SILENT))
                .isEqualTo(first);
        HubName pinned = NAME.at(LoopbackHub.COMMIT);
        assertThat(hub(Map.of()).get(pinned, HubProgress.SILENT).path()).isEqualTo(first.path());
        assertThat(server.requests).isEmpty();
    }

    @Test
    void get_withoutLinks_copies() {
        HubSnapshot found = hub(Map.of("HF_HUB_DISABLE_SYMLINKS", "1")).get(NAME, HubProgress.SILENT);
        Path copy = found.path().resolve("model.safetensors");
        assertThat(Files.isSymbolicLink(copy)).isFalse();
        assertThat(copy).hasBinaryContent(weights);
    }

    @Test
    void get_aConnectionThatBreaks_goesOnWhereItBroke() {
        server.cuts.put("model.safetensors", 100_000);
        HubSnapshot found = hub(Map.of()).get(NAME, HubProgress.SILENT);
        assertThat(found.path().resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(server.requests)
                .anyMatch(request -> request.matches("network GET /model.safetensors bytes=[1-9][0-9]*-"));
    }

    @Test
    void get_whatAnEarlierProcessLeft_asksForTheRestOnly() throws IOException {
        Path partial = repo().resolve("blobs").resolve(Sha256.of(weights) + BlobDownload.INCOMPLETE);
        Files.createDirectories(partial.resolveSibling(""));
        Files.write(partial, java.util.Arrays.copyOf(weights, 250_000));
        HubSnapshot found = hub(Map.of()).get(NAME, HubProgress.SILENT);
        assertThat(found.path().resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(server.requests).contains("network GET /model.safetensors bytes=250000-");
        assertThat(partial).doesNotExist();
    }

    @Test
    void get_aDamagedPartialFile_isFetchedAnew() throws IOException {
        Path partial = repo().resolve("blobs").resolve(Sha256.of(weights) + BlobDownload.INCOMPLETE);
        Files.createDirectories(partial.resolveSibling(""));
        Files.write(partial, new byte[250_000]);
        HubSnapshot found = hub(Map.of()).get(NAME, HubProgress.SILENT);
        assertThat(found.path().resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(server.requests).contains("network GET /model.safetensors");
    }

    @Test
    void get_contentOfAnotherDigest_isRefusedAndNotKept() throws IOException {
        byte[] other = weights.clone();
        other[1234] ^= 1;
        server.damaged.put("model.safetensors", other);
        assertThatThrownBy(() -> hub(Map.of()).get(NAME, HubProgress.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("model.safetensors is damaged: expected digest " + Sha256.of(weights))
                .hasMessageContaining("found " + Sha256.of(other));
        assertThat(repo().resolve("blobs").resolve(Sha256.of(weights))).doesNotExist();
        assertThat(repo().resolve("refs/main")).doesNotExist();
        assertThat(hub(Map.of("HF_HUB_OFFLINE", "1")).cached(NAME)).isEmpty();
    }

    @Test
    void get_aSmallFileOfAnotherDigest_isRefused() {
        server.damaged.put("config.json", "[]".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> hub(Map.of()).get(NAME, HubProgress.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("config.json is damaged");
    }

    @Test
    void get_moreBytesThanAnnounced_stopsAtOnce() {
        server.damaged.put("model.safetensors", new byte[weights.length + 1]);
        assertThatThrownBy(() -> hub(Map.of()).get(NAME, HubProgress.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("expected 300000 bytes, the server sends more");
    }

    @Test
    void get_withAToken_sendsItToTheHubOnly() {
        server.requireToken("hf_secret", "GatedRepo");
        hub(Map.of("HF_TOKEN", "hf_secret")).get(NAME, HubProgress.SILENT);
        assertThat(server.requests)
                .filteredOn(request -> !request.startsWith("network "))
                .allMatch(request -> request.endsWith(" Bearer hf_secret"));
        assertThat(server.requests)
                .filteredOn(request -> request.startsWith("network "))
                .isNotEmpty()
                .noneMatch(request -> request.contains("hf_secret"));
    }

    @Test
    void get_aGatedRepository_saysWhatToDo() {
        server.requireToken("hf_secret", "GatedRepo");
        assertThatThrownBy(() -> hub(Map.of()).get(NAME, HubProgress.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is gated: accept its license at " + server.endpoint() + "/" + REPO)
                .hasMessageContaining("HF_TOKEN");
        assertThatThrownBy(() -> hub(Map.of("HF_TOKEN", "hf_other")).get(NAME, HubProgress.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has no access")
                .hasMessageNotContaining("hf_other");
    }

    @Test
    void get_unknownNamesAndRevisions_areNamed() {
        hub(Map.of()).get(NAME, HubProgress.SILENT);
        HubName other = HubName.parse(RepoKind.MODEL, "org/tiny-modell").orElseThrow();
        assertThatThrownBy(() -> hub(Map.of()).get(other, HubProgress.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has no model org/tiny-modell, or it is private")
                .hasMessageContaining("nearest in the cache is org/tiny-model");
        assertThatThrownBy(() -> hub(Map.of()).get(NAME.at("v2"), HubProgress.SILENT))
                .hasMessageContaining("model org/tiny-model has no revision \"v2\"");
    }

    @Test
    void get_offline_saysWhatIsMissing() {
        Hub offline = hub(Map.of("HF_HUB_OFFLINE", "1"));
        assertThatThrownBy(() -> offline.get(NAME, HubProgress.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is not in the cache")
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void get_aServerThatFailsForAWhile_isAskedAgain() {
        server.failures.addAll(List.of(503, 429));
        assertThat(hub(Map.of()).get(NAME, HubProgress.SILENT).path()).isDirectory();
        server.failures.addAll(List.of(503, 503, 503));
        assertThatThrownBy(() -> hub(Map.of("HF_HOME", home + "/other")).get(NAME, HubProgress.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("3 attempts")
                .hasMessageContaining("answered 503");
    }

    @Test
    @Timeout(60)
    void get_aListThatStopsInItsMiddle_isGivenUp() {
        server.stalled = true;
        HubSettings settings =
                HubSettings.of(Map.of("HF_ENDPOINT", server.endpoint().toString()), home);
        Hub impatient = new Hub(settings.withRetries(new Retries(1, Duration.ofMillis(1), Duration.ofSeconds(4))));
        assertThatThrownBy(() -> impatient.get(NAME, HubProgress.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("sent nothing for 4 s");
    }

    @Test
    void get_overHttpFromAnotherMachine_saysThatTheTokenWasNotSent() {
        // The same address in a form that is not taken for this machine's.
        String mapped = server.endpoint().toString().replace("127.0.0.1", "[::ffff:127.0.0.1]");
        Hub mirror = hub(Map.of("HF_ENDPOINT", mapped, "HF_TOKEN", "hf_secret"));
        for (String code : List.of("GatedRepo", "RepoNotFound", "")) {
            server.requireToken("hf_secret", code);
            assertThatThrownBy(() -> mirror.get(NAME, HubProgress.SILENT))
                    .as(code)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("the token was not sent, because " + mapped + " is not https")
                    .hasMessageNotContaining("has no access");
        }
        assertThat(server.requests).hasSize(3).noneMatch(request -> request.contains("hf_secret"));
    }

    @Test
    void get_noServer_saysWhatWasTried() {
        server.close();
        assertThatThrownBy(() -> hub(Map.of()).get(NAME, HubProgress.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContaining(server.endpoint() + " cannot be reached (3 attempts");
    }

    @Test
    void get_fromSeveralThreads_downloadsOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<HubSnapshot>> all = List.of(1, 2, 3, 4).stream()
                    .map(number -> threads.submit(() -> hub(Map.of()).get(NAME, HubProgress.SILENT)))
                    .toList();
            for (Future<HubSnapshot> one : all) {
                assertThat(one.get().path().resolve("model.safetensors")).hasBinaryContent(weights);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.requests)
                .filteredOn(request -> request.startsWith("network GET"))
                .hasSize(1);
    }

    @Test
    void get_progress_endsAtTheWhole() {
        long[] last = new long[2];
        hub(Map.of()).get(NAME, (name, file, done, total) -> {
            assertThat(done).isGreaterThanOrEqualTo(last[0]);
            last[0] = done;
            last[1] = total;
        });
        assertThat(last[0]).isEqualTo(last[1]).isEqualTo(weights.length + 2 + 8 + 3 + 6);
    }

    @Test
    void get_aFileThatLeadsOut_isRefused() {
        for (String path : List.of("../x", "/etc/x", "a/../../x", "a\\x", "a//b", "./config.json", "C:x")) {
            try (LoopbackHub hostile = new LoopbackHub(RepoKind.MODEL, REPO).with(path, "x")) {
                Hub hub = new Hub(
                        HubSettings.of(Map.of("HF_ENDPOINT", hostile.endpoint().toString()), home));
                assertThatThrownBy(() -> hub.get(NAME, HubProgress.SILENT))
                        .as(path)
                        .isInstanceOf(HubException.class)
                        .hasMessageContaining("refused");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        assertThat(repo()).doesNotExist();
    }

    @Test
    void resolve_aLocalPath_wins() throws IOException {
        Path local = Files.createDirectories(home.resolve("a/b"));
        assertThat(hub(Map.of()).resolve(RepoKind.MODEL, local.toString())).isEqualTo(local);
        assertThatThrownBy(() -> hub(Map.of()).resolve(RepoKind.MODEL, "no such"))
                .hasMessageContaining("neither a local path that exists nor the name of a model");
        assertThat(server.requests).isEmpty();
    }
}
