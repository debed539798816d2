package ai.preceptor.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.keys.training.PolicyConfig;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.keys.training.RewardConfig;
import ai.preceptor.cli.keys.training.SftConfig;
import ai.preceptor.cli.runs.ConfigReader;
import ai.preceptor.cli.runs.RunFolder;
import ai.preceptor.dashboard.run.RunBoard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compare} and the live page group the same run directories alike. */
class SeedGroupingTest {
    @TempDir
    Path root;

    private RunsByHand runs;
    private ConfigReader settings;

    @BeforeEach
    void findRuns() throws IOException {
        root = root.toRealPath();
        runs = new RunsByHand(root);
        Map<String, Class<? extends Record>> keys = new LinkedHashMap<>();
        keys.put("sft", SftConfig.class);
        keys.put("reward", RewardConfig.class);
        keys.put("rank", RankConfig.class);
        keys.put("policy", PolicyConfig.class);
        settings = new ConfigReader(keys);
    }

    @Test
    void keysThatChangeNoResult_andTheSeed_doNotSeparate() throws IOException {
        policy("a", 1, 10, "report_to: [tensorboard]\nsave_steps: 5\nteacher_rpm: 60\n");
        policy("b", 2, 10, "dashboard: true\nlogging_steps: 7\n");
        policy("c", 3, 10, "otlp_url: \"http://h:1/v1\"\nmax_cost: 3.0\nresume: true\n");
        policy("other", 4, 10, "beta: 0.5\n");
        policy("elsewhere", 5, 10, "threads: 3\n");

        assertThat(alike("a", "other", "b", "c", "elsewhere")).containsExactly("a b c", "other", "elsewhere");
    }

    /** An earlier version wrote fewer keys. */
    @Test
    void keyAtItsDefault_isAsOneLeftOut() throws IOException {
        policy("a", 1, 10, "");
        policy("b", 2, 10, "shuffle: true\n");
        policy("c", 3, 10, "shuffle: false\n");

        assertThat(alike("a", "b", "c")).containsExactly("a b", "c");
    }

    @Test
    void sameSeedTwice_theLaterFinishedCounts() throws IOException {
        policy("first", 1, 20, "");
        policy("second", 1, 30, "");
        policy("third", 1, 10, "");
        status("third", "running", 40);
        policy("other-seed", 2, 5, "");

        assertThat(alike("first", "second", "third", "other-seed"))
                .containsExactly("second other-seed", "first = second", "third = second");
        assertThat(alike("third", "first")).containsExactly("first", "third = first");
    }

    /** Two recipes of the same settings and one with another reward model: its stage learns from something else. */
    @Test
    void recipesWithSeedDirectories_areGroupedByWhatTheirStagesReadFrom() throws IOException {
        recipe("one", 0.1, 1, 2);
        recipe("two", 0.1, 3);
        recipe("three", 0.9, 4);

        assertThat(alike("one/seed-1/rloo", "one/seed-2/rloo", "two/seed-3/rloo", "three/seed-4/rloo"))
                .containsExactly("one/seed-1/rloo one/seed-2/rloo two/seed-3/rloo", "three/seed-4/rloo");
        assertThat(alike("one/seed-1/sft", "one/seed-2/sft", "one/reward", "two/reward", "three/reward"))
                .containsExactly(
                        "one/seed-1/sft one/seed-2/sft", "two/reward", "one/reward = two/reward", "three/reward");
    }

    /** Only what a recipe wrote is a stage of it; a directory that a person called seed-1 is a directory. */
    @Test
    void pathsThatDiffer_separate() throws IOException {
        policy("a", 1, 10, "data: \"data/seed-1/prompts.jsonl\"\n");
        policy("b", 2, 10, "data: \"data/seed-2/prompts.jsonl\"\n");
        policy("c", 3, 10, "data: \"data/seed-1/prompts.jsonl\"\n");

        assertThat(alike("a", "b", "c")).containsExactly("a c", "b");
    }

    /** What a user's own code says counts, not where it lay. */
    @Test
    void ownCodeThatDiffers_separates() throws IOException {
        String first = "a".repeat(64);
        String edited = "b".repeat(64);
        own("a", 1, "# rule: X.java (SHA-256 " + first + "), kept in plugins\n", "rule: \"here/X.java\"\n");
        own("b", 2, "# rule: X.java (SHA-256 " + edited + "), kept in plugins\n", "rule: \"here/X.java\"\n");
        own("c", 3, "# rule: X.java (SHA-256 " + first + "), kept in plugins\n", "rule: \"there/X.java\"\n");
        own("d", 1, "# rule[1]: X.java (SHA-256 " + first + "), kept in plugins\n", "rule: [\"exact\", \"X.java\"]\n");
        own("e", 2, "# rule[1]: X.java (SHA-256 " + edited + "), kept in plugins\n", "rule: [\"exact\", \"X.java\"]\n");

        assertThat(alike("a", "b", "c", "d", "e")).containsExactly("a c", "b", "d", "e");
        assertThat(settings.of(RunFolder.in(List.of(root.resolve("e"))).get(0)).values())
                .containsEntry("rule", "[exact, X.java (SHA-256 bbbbbbbb)]");
    }

    @Test
    void jarThatDiffers_separates() throws IOException {
        String jar = "# rule: my.Rule with my.jar (SHA-256 %s)\n";
        own("a", 1, jar.formatted("a".repeat(64)), "rule: \"my.Rule\"\nplugins: [\"here/my.jar\"]\n");
        own("b", 2, jar.formatted("b".repeat(64)), "rule: \"my.Rule\"\nplugins: [\"here/my.jar\"]\n");
        own("c", 3, jar.formatted("a".repeat(64)), "rule: \"my.Rule\"\nplugins: [\"there/my.jar\"]\n");

        assertThat(alike("a", "b", "c")).containsExactly("a c", "b");
    }

    private void own(String name, int seed, String comments, String keys) throws IOException {
        run(name, comments + "algorithm: rloo\nmodel: \"models/student\"\nseed: " + seed + "\n" + keys, 10);
    }

    /** A configuration names what it likes: nothing outside of its recipe is read. */
    @Test
    void pathOutOfTheRecipe_isNotFollowed() throws IOException {
        recipe("one", 0.1, 1);
        runs.run("secret", "center_rewards_coefficient: 0.3\nseed: 1\n", "", "");
        Path stage = root.resolve("one/seed-1/rloo");
        String config = Files.readString(stage.resolve("config.yaml"));
        String leaving = config + "ref_model: \"" + root + "/one/../secret/model\"\n";

        assertThat(settings.read(stage, leaving).orElseThrow().values())
                .containsEntry("ref_model", "stage:../secret")
                .hasEntrySatisfying(
                        "reward_model", value -> assertThat(value).matches("stage:reward \\([0-9a-f]{4}\\)"));
        assertThat(settings.read(stage, config + "ref_model: \"" + root + "/one/x\\0y\"\n"))
                .isPresent();
        assertThat(settings.read(stage, "[")).isEmpty();
        assertThat(settings.read(stage, "a: &a [*a]\n")).isEmpty();
    }

    private void recipe(String name, double center, int... seeds) throws IOException {
        run(name + "/reward", "center_rewards_coefficient: " + center + "\nseed: 42\n", 10);
        StringBuilder stages = new StringBuilder("{\"stage\":\"reward\",\"keys\":{\"command\":\"reward\"}}\n");
        for (int seed : seeds) {
            String place = name + "/seed-" + seed;
            run(place + "/sft", "eval_rows: 3\nseed: " + seed + "\n", 10);
            run(
                    place + "/rloo",
                    "algorithm: rloo\nmodel: \"%s/sft/model\"\nreward_model: \"%s/reward/model\"\nseed: %d\n"
                            .formatted(root.resolve(place), root.resolve(name), seed),
                    10);
            stages.append("{\"stage\":\"seed-%d/sft\",\"keys\":{\"command\":\"sft\"}}\n".formatted(seed));
            stages.append("{\"stage\":\"seed-%d/rloo\",\"keys\":{\"command\":\"policy\"}}\n".formatted(seed));
        }
        Files.writeString(root.resolve(name).resolve("stages.jsonl"), stages);
        if (name.equals("two")) {
            status("two/reward", "finished", 20);
        }
    }

    private void policy(String name, int seed, int finished, String more) throws IOException {
        run(name, "algorithm: rloo\nmodel: \"models/student\"\nseed: " + seed + "\n" + more, finished);
    }

    private void run(String name, String config, int finished) throws IOException {
        Path run = runs.run(name, config, "{\"step\":1,\"loss\":1.0}\n", "{}");
        Files.writeString(run.resolve("run.lock"), "process 1\n");
        status(name, "finished", finished);
    }

    private void status(String name, String state, int at) throws IOException {
        Files.writeString(
                root.resolve(name).resolve("status.json"),
                "{\"state\":\"%s\",\"host\":\"elsewhere\",\"updated\":%d}".formatted(state, at));
    }

    /** What both make of these runs: a line a group, a repeat with what it repeats. */
    private List<String> alike(String... names) throws IOException {
        List<Path> directories = List.of(names).stream().map(root::resolve).toList();
        RunReader reader = new RunReader(settings, note -> {});
        List<String> compared = RunGroup.of(
                        RunFolder.in(directories).stream().map(reader::read).toList())
                .stream()
                .map(group ->
                        String.join(" ", group.runs().stream().map(this::name).toList())
                                + (group.repeated() == null ? "" : " = " + name(group.repeated())))
                .toList();
        RunBoard board = new RunBoard(root, settings);
        board.refresh();
        List<String> shown = board.groups(List.of(names)).stream()
                .map(group -> String.join(" ", group.runs()) + (group.repeats() == null ? "" : " = " + group.repeats()))
                .toList();
        assertThat(shown).isEqualTo(compared);
        return compared;
    }

    private String name(ComparedRun run) {
        return root.relativize(run.directory()).toString();
    }
}
