package ai.preceptor.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.command.inference.GenerateCommand;
import ai.preceptor.cli.command.training.SftCommand;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.training.SftConfig;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.source.PathList;
import ai.preceptor.hub.Hub;
import ai.preceptor.hub.HubName;
import ai.preceptor.hub.HubSettings;
import ai.preceptor.hub.LoopbackHub;
import ai.preceptor.hub.RepoKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names on the Hub under keys of paths, with a server on loopback. */
class HubNamesTest {
    private static final String REPO = "org/tiny-model";

    @TempDir
    Path home;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private LoopbackHub models;
    private Path rows;

    @BeforeEach
    void start() throws IOException {
        models = new LoopbackHub(RepoKind.MODEL, REPO)
                .with("config.json", "{}")
                .with("tokenizer.json", "{}")
                .with("tokenizer_config.json", "{}")
                .withLarge("model.safetensors", new byte[2000]);
        rows = Files.writeString(home.resolve("rows.jsonl"), "{\"prompt\": \"a\", \"completion\": \"b\"}\n");
    }

    @AfterEach
    void stop() {
        models.close();
    }

    private HubNames names(LoopbackHub server, Map<String, String> more) {
        Map<String, String> environment =
                new HashMap<>(Map.of("HF_ENDPOINT", server.endpoint().toString()));
        environment.putAll(more);
        Hub hub = new Hub(HubSettings.of(environment, home));
        PrintStream err = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new HubNames(() -> hub, new Terminal(err, err, false, 80));
    }

    private SftConfig read(HubNames names, String... arguments) {
        return names.read(references -> new SftCommand().read(null, List.of(arguments), references));
    }

    private Path snapshot() {
        return home.resolve(".cache/huggingface/hub/models--org--tiny-model/snapshots")
                .resolve(LoopbackHub.COMMIT);
    }

    @Test
    void read_aNameThatIsNotInTheCache_downloadsIt() {
        SftConfig config = read(names(models, Map.of()), "model=" + REPO, "data=" + rows);
        assertThat(config.student().model()).isEqualTo(snapshot());
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("asking the Hub for org/tiny-model")
                .contains("commit " + LoopbackHub.COMMIT);
        models.requests.clear();
        assertThat(read(names(models, Map.of()), "model=" + REPO, "data=" + rows)
                        .student()
                        .model())
                .isEqualTo(snapshot());
        assertThat(models.requests).isEmpty();
    }

    @Test
    void read_withAnotherProblem_asksNobody() {
        assertThatThrownBy(() -> read(names(models, Map.of()), "model=" + REPO, "data=" + rows, "lerning_rate=1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("lerning_rate")
                .hasMessageNotContaining(REPO);
        assertThat(models.requests).isEmpty();
    }

    @Test
    void read_offline_namesBothReadings() {
        assertThatThrownBy(() -> read(names(models, Map.of("HF_HUB_OFFLINE", "1")), "model=" + REPO, "data=" + rows))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "as a local path it does not exist, and as a name on the Hub, model org/tiny-model is not in the cache")
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(models.requests).isEmpty();
    }

    @Test
    void read_aNameOfAFileOrFolder_isALocalPath() {
        for (String written : List.of("runs/prompts.jsonl", "model", "a/b/c", "../a/b")) {
            assertThatThrownBy(() -> read(names(models, Map.of()), "model=" + written, "data=" + rows))
                    .as(written)
                    .hasMessageContaining("it does not exist")
                    .hasMessageNotContaining("Hub");
        }
        assertThat(models.requests).isEmpty();
    }

    @Test
    void read_belowALocalDirectory_asksForTheScheme() {
        assertThatThrownBy(() -> read(names(models, Map.of()), "model=src/nothing-here", "data=" + rows))
                .hasMessageContaining("it does not exist in the directory src")
                .hasMessageContaining("to download it write hf://src/nothing-here");
        assertThat(models.requests).isEmpty();
    }

    @Test
    void read_aNameThatTheHubDoesNotHave_namesBothReadings() {
        assertThatThrownBy(() -> read(names(models, Map.of()), "model=org/tiny", "data=" + rows))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("\"org/tiny\": as a local path it does not exist, and as a name on the Hub, http")
                .hasMessageContaining("has no model org/tiny, or it is private");
    }

    @Test
    void read_anOutput_isNoName() {
        Path model = snapshot();
        read(names(models, Map.of()), "model=" + REPO, "data=" + rows, "output=" + home.resolve("org/run"));
        assertThat(model).isDirectory();
        assertThatThrownBy(() -> names(models, Map.of())
                        .read(references -> new GenerateCommand()
                                .read(
                                        null,
                                        List.of("model=" + REPO, "data=" + rows, "output=" + model + "/x.jsonl"),
                                        references)))
                .hasMessageContaining("lies in model");
    }

    @Test
    void read_aRunThatBegan_goesOnWithItsCommit() throws IOException {
        read(names(models, Map.of()), "model=" + REPO, "data=" + rows);
        Path run = Files.createDirectories(home.resolve("run"));
        Files.writeString(run.resolve("config.yaml"), "model: \"" + snapshot() + "\"\nseed: 1\n");
        String later = "f".repeat(40);
        Path repo = snapshot().resolve("../..").normalize();
        Files.createDirectories(repo.resolve("snapshots").resolve(later));
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors")) {
            Files.writeString(repo.resolve("snapshots").resolve(later).resolve(file), "{}");
        }
        Files.writeString(repo.resolve("refs/main"), later);
        String[] arguments = {"model=" + REPO, "data=" + rows, "output=" + run, "resume=true"};
        assertThat(read(names(models, Map.of()), arguments).student().model()).isEqualTo(snapshot());
        arguments[2] = "output=" + home.resolve("other");
        assertThat(read(names(models, Map.of()), arguments).student().model()).endsWith(Path.of(later));
    }

    /** Of each data set in a list, and of a model and a data set that have one name. */
    @Test
    void read_aRunThatBeganWithSeveral_goesOnWithTheCommitOfEach() throws IOException {
        String later = "f".repeat(40);
        String first = LoopbackHub.COMMIT;
        read(names(models, Map.of()), "model=" + REPO, "data=" + rows);
        List<String> began = new ArrayList<>();
        for (String name : List.of("a", "b", "tiny-model")) {
            began.add(dataSet(name, first));
            dataSet(name, later);
        }
        Path run = Files.createDirectories(home.resolve("run"));
        Files.writeString(
                run.resolve("config.yaml"), "model: \"" + snapshot() + "\"\ndata: \"" + PathList.of(began) + "\"\n");
        String[] arguments = {
            "model=" + REPO, "data=[org/a,org/b,hf://datasets/org/tiny-model]", "output=" + run, "resume=true"
        };
        HubNames offline = names(models, Map.of("HF_HUB_OFFLINE", "1"));
        assertThat(read(offline, arguments).data().data().toString())
                .contains(
                        "org--a/snapshots/" + first, "org--b/snapshots/" + first, "org--tiny-model/snapshots/" + first);
        arguments[2] = "output=" + home.resolve("other");
        assertThat(read(offline, arguments).data().data().toString())
                .contains("org--b/snapshots/" + later)
                .doesNotContain("datasets--org--b/snapshots/" + first);
        Files.writeString(
                run.resolve("config.yaml"),
                "model: \"" + snapshot() + "\"\ndata: \"" + dataSet("tiny-model", later) + "\"\n");
        assertThat(PinnedCommits.of(run).pinned(name(RepoKind.MODEL)).revision())
                .isEqualTo(first);
        assertThat(PinnedCommits.of(run).pinned(name(RepoKind.DATASET)).revision())
                .isEqualTo(later);
    }

    private static HubName name(RepoKind kind) {
        return new HubName(kind, REPO, HubName.MAIN, null, null);
    }

    /** Puts a commit of a data set into the cache, at which its branch is then. */
    private String dataSet(String name, String commit) throws IOException {
        Path repo = home.resolve(".cache/huggingface/hub/datasets--org--" + name);
        Path snapshot = Files.createDirectories(repo.resolve("snapshots").resolve(commit));
        Files.createDirectories(repo.resolve("refs"));
        Files.writeString(repo.resolve("refs/main"), commit);
        return Files.copy(rows, snapshot.resolve("train.jsonl"), StandardCopyOption.REPLACE_EXISTING)
                .toString();
    }

    @Test
    void read_aDataSet_isItsFile() throws IOException {
        read(names(models, Map.of()), "model=" + REPO, "data=" + rows);
        try (LoopbackHub data = new LoopbackHub(RepoKind.DATASET, "org/pairs")
                .with("README.md", "x")
                .with("data/train.jsonl", Files.readString(rows))
                .with("data/test.jsonl", "{}")) {
            SftConfig config =
                    read(names(data, Map.of()), "model=" + REPO, "data=org/pairs", "eval_data=org/pairs:test");
            assertThat(config.data().data()).hasSameTextualContentAs(rows);
            assertThat(config.heldOut().evalData()).hasContent("{}");
            data.requests.clear();
            assertThat(read(names(data, Map.of()), "model=" + REPO, "data=org/pairs", "eval_data=org/pairs:test"))
                    .isEqualTo(config);
            assertThat(data.requests)
                    .hasSize(2)
                    .allMatch(request -> request.equals("GET /api/datasets/org/pairs/revision/main"));
        }
    }

    @Test
    void read_aDataSetInShards_isAllOfThem() throws IOException {
        read(names(models, Map.of()), "model=" + REPO, "data=" + rows);
        try (LoopbackHub data = new LoopbackHub(RepoKind.DATASET, "org/pairs")
                .with("data/train-00000-of-00002.jsonl", Files.readString(rows))
                .with("data/train-00001-of-00002.jsonl", Files.readString(rows))
                .with("data/test-00000-of-00001.jsonl", "{}")) {
            SftConfig config = read(names(data, Map.of()), "model=" + REPO, "data=org/pairs");
            assertThat(Datasets.demonstrations(config.data().data(), 0, OnBadRow.FAIL)
                            .rows())
                    .hasSize(2);
            data.requests.clear();
            assertThat(read(names(data, Map.of()), "model=" + REPO, "data=org/pairs")
                            .data())
                    .isEqualTo(config.data());
            assertThat(data.requests).isEmpty();
        }
    }
}
