package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.keys.training.SftConfig;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finished stages whose inputs are not those that they were made from. The commands only write files. */
class StaleStagesTest {
    private static final String RECIPE = """
        output: OUT
        model: MODEL
        resume: true
        stages:
          make: {command: pairs, data: DATA}
          dpo: {command: rank, data: 'stage:make/pairs.jsonl'}
          more: {command: rank, model: 'stage:dpo', data: DATA}
          other: {command: rank, data: DATA}
        """;

    private static final String ROUNDS = """
        output: OUT
        model: MODEL
        start: recipe:model
        repeat: ROUNDS
        repeat_stages: [dpo]
        resume: true
        stages:
          dpo: {command: rank, model: 'previous:dpo', data: DATA}
          judge: {command: measure, model: 'stage:dpo', data: DATA}
          more: {command: rank, model: 'stage:AFTER', data: DATA}
        """;

    @TempDir
    Path directory;

    private final List<String> ran = new ArrayList<>();
    private Path output;
    private String pairs = "first";
    private String failing = "";
    private String ofOther = "";
    private String text = RECIPE;

    @BeforeEach
    void place() {
        output = directory.resolve("out");
    }

    @Test
    void resume_stageThatWasReadRunsAgain_namesEveryDirectoryToRemove() throws IOException {
        run();
        assertThat(ran).containsExactly("make", "dpo", "more", "other");
        AtomicFiles.deleteTree(output.resolve("make"));
        assertThatThrownBy(this::run)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("resume: stage dpo in " + output.resolve("dpo") + " was finished")
                .hasMessageContaining("stage make")
                .hasMessageContaining("remove " + output.resolve("dpo") + " and " + output.resolve("more"));
        assertThat(ran).isEmpty();

        pairs = "second";
        AtomicFiles.deleteTree(output.resolve("dpo"));
        AtomicFiles.deleteTree(output.resolve("more"));
        run();
        assertThat(ran).containsExactly("make", "dpo", "more");
        run();
        assertThat(ran).isEmpty();
    }

    /** As a version left it that ran a stage again and kept the one after it. */
    @Test
    void resume_inputIsNotThatOfTheStage_isRefused_unlessNoInputsWereNoted() throws IOException {
        run();
        Path file = output.resolve("stages.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        Files.writeString(output.resolve("make/pairs.jsonl"), "other");
        Files.write(file, lines.subList(1, 4));
        AtomicFiles.deleteTree(output.resolve("make"));
        AtomicFiles.deleteTree(output.resolve("dpo"));
        AtomicFiles.deleteTree(output.resolve("more"));
        pairs = "second";
        run();
        List<String> again = Files.readAllLines(file);
        List<String> kept = again.stream()
                .filter(line -> line.contains("\"stage\":\"make\"") && line.contains("\"seconds\""))
                .toList();
        List<String> mixed = new ArrayList<>(lines.subList(1, 4));
        mixed.add(kept.get(kept.size() - 1));
        Files.write(file, mixed);
        assertThatThrownBy(this::run)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("stage dpo in ")
                .hasMessageContaining("make/pairs.jsonl was 5 bytes with checksum ")
                .hasMessageContaining("is 6 bytes with checksum ");
        Files.write(
                file,
                mixed.stream()
                        .map(line -> line.replaceAll(",\"inputs\":\\{.*?\\}\\}", ""))
                        .toList());
        assertThat(file).content().doesNotContain("inputs\":{\"");
        run();
        assertThat(ran).isEmpty();
    }

    /** A key took one value before it took several, and another was not there. */
    @Test
    void resume_lineOfAnOlderVersion_stands() throws IOException {
        run();
        Path file = output.resolve("stages.jsonl");
        String model = "\"model\":\"" + Golden.dir("tiny-chat") + "\"";
        String now = Files.readString(file);
        assertThat(now).contains(model, "\"eval_rows\":\"null\",");
        Files.writeString(
                file,
                now.replace(model, model.replace(":\"", ":\"[").replaceFirst("\"$", "]\""))
                        .replace("\"eval_rows\":\"null\",", "")
                        .replaceAll("\"(load_best|metric_for|greater_is|early_stopping)\\w+\":\"[^\"]*\",", ""));
        assertThat(file)
                .content()
                .contains("tiny-chat]\"")
                .doesNotContain("eval_rows", "load_best_model_at_end", "early_stopping_threshold");
        run();
        assertThat(ran).isEmpty();
    }

    /** A finished stage has the weights that its evaluations chose; how often it was evaluated besides changes none. */
    @Test
    void resume_otherWeightsToEndWith_isRefused() throws IOException {
        ofOther = "eval_rows: 2,";
        run();
        ofOther = "eval_rows: 2, eval_steps: 1,";
        run();
        assertThat(ran).isEmpty();
        ofOther = "eval_rows: 2, eval_steps: 1, load_best_model_at_end: true,";
        assertThatThrownBy(this::run)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("resume: stage other in ")
                .hasMessageContaining("load_best_model_at_end: was false, is true");
        AtomicFiles.deleteTree(output.resolve("other"));
        run();
        ofOther = "eval_rows: 2, eval_steps: 1, load_best_model_at_end: true, greater_is_better: true,";
        assertThatThrownBy(this::run).hasMessageContaining("other keys: greater_is_better: was null, is true;");
        ofOther = "eval_rows: 2, eval_steps: 2, load_best_model_at_end: true,";
        assertThatThrownBy(this::run).hasMessageContaining("other keys: eval_steps: was 1, is 2;");
    }

    /** A run may go on with another length; epochs do not count where steps are given. */
    @Test
    void resume_anotherLength_isRefused_whereTheLineSaysIt() throws IOException {
        ofOther = "max_steps: 2,";
        run();
        ofOther = "max_steps: 2, num_train_epochs: 5,";
        run();
        assertThat(ran).isEmpty();
        ofOther = "max_steps: 3,";
        assertThatThrownBy(this::run)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("resume: stage other in ")
                .hasMessageContaining("other keys: max_steps: was 2, is 3;");
        ofOther = "num_train_epochs: 5,";
        assertThatThrownBy(this::run).hasMessageContaining("other keys: max_steps: was 2, is null;");
        AtomicFiles.deleteTree(output.resolve("other"));
        run();
        ofOther = "num_train_epochs: 4,";
        assertThatThrownBy(this::run).hasMessageContaining("other keys: num_train_epochs: was 5.0, is 4.0;");
        ofOther = "max_steps: 3,";
        assertThatThrownBy(this::run).hasMessageContaining("other keys: max_steps: was null, is 3;");
        Path file = output.resolve("stages.jsonl");
        Files.writeString(file, Files.readString(file).replaceAll("\"(max_steps|num_train_epochs)\":\"[^\"]*\",", ""));
        assertThat(file).content().doesNotContain("max_steps", "num_train_epochs");
        run();
        assertThat(ran).isEmpty();
    }

    /** Its line of an earlier time does not make it finished. */
    @Test
    void resume_stageThatEndedEarlyTheSecondTime_runsAgain() throws IOException {
        run();
        AtomicFiles.deleteTree(output.resolve("other"));
        failing = "other";
        assertThatThrownBy(this::run).isInstanceOf(IllegalStateException.class);
        failing = "";
        run();
        assertThat(ran).containsExactly("other");
    }

    @Test
    void resume_directoryThatIsWrittenOtherwiseOrWasMoved_isTheSame() throws IOException {
        run();
        Path file = output.resolve("stages.jsonl");
        assertThat(file).content().contains("\"stage:dpo/model\"").doesNotContain(output.toString());
        output = directory.resolve("in/../out");
        Files.createDirectory(directory.resolve("in"));
        run();
        assertThat(ran).isEmpty();
        output = Files.move(directory.resolve("out"), directory.resolve("moved"));
        run();
        assertThat(ran).isEmpty();

        file = output.resolve("stages.jsonl");
        String earlier = Files.readString(file).replace("\"stage:", "\"" + directory.resolve("out") + "/");
        Files.writeString(file, earlier);
        run();
        assertThat(ran).as("lines of an earlier version").isEmpty();
    }

    /** What only measures goes on with the new last round in its directory; what trains is not mixed with what was. */
    @Test
    void resume_moreRounds_whatMeasuresTheLastRunsAgain_whatTrainsOnItIsRefused() throws IOException {
        text = ROUNDS.replace("AFTER", "round-1/dpo").replace("ROUNDS", "2");
        run();
        assertThat(ran).containsExactly("dpo", "dpo", "judge", "more");
        text = ROUNDS.replace("AFTER", "round-1/dpo").replace("ROUNDS", "3");
        failing = "judge";
        assertThatThrownBy(this::run).isInstanceOf(IllegalStateException.class);
        assertThat(ran).containsExactly("dpo", "judge");
        failing = "";
        run();
        assertThat(ran).containsExactly("judge");
        run();
        assertThat(ran).isEmpty();
        text = ROUNDS.replace("AFTER", "round-1/dpo").replace("ROUNDS", "2");
        assertThatThrownBy(this::run)
                .as("a round less")
                .hasMessageContaining("stage judge in ")
                .hasMessageContaining("round-3/dpo/model, is ");

        text = ROUNDS.replace("AFTER", "dpo").replace("ROUNDS", "3");
        AtomicFiles.deleteTree(output.resolve("more"));
        run();
        text = ROUNDS.replace("AFTER", "dpo").replace("ROUNDS", "4");
        assertThatThrownBy(this::run)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "stage more in " + output.resolve("more") + " was finished with other keys: model")
                .hasMessageContaining("remove that directory to run the stage again");
        assertThat(ran).isEmpty();
        AtomicFiles.deleteTree(output.resolve("more"));
        run();
        assertThat(ran).containsExactly("dpo", "judge", "more");
    }

    private void run() throws IOException {
        ran.clear();
        List<StageKind<?>> kinds = List.of(
                new StageKind<>(
                        "pairs", SftConfig.class, (keys, terminal) -> write(keys), false, List.of("pairs.jsonl")),
                new StageKind<>("measure", SftConfig.class, (keys, terminal) -> write(keys), false, List.of()),
                new StageKind<>("rank", RankConfig.class, (keys, terminal) -> write(keys), true, List.of()));
        String written = text.replace("OUT", output.toString())
                .replace("other: {command: rank,", "other: {command: rank," + ofOther)
                .replace("MODEL", Golden.dir("tiny-chat").toString())
                .replace("DATA", Golden.file("pairs.jsonl").toString());
        Path file = Files.writeString(directory.resolve("r.yaml"), written);
        Recipe recipe = new RecipeReader(kinds, References.NONE, Clock.systemUTC()).read(file, List.of());
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        new RecipeRun(recipe, new Terminal(nowhere, nowhere, false, 80), () -> 0L).run();
    }

    private void write(HasOutput keys) {
        Path stage = keys.runDirectory();
        String name = stage.getFileName().toString();
        ran.add(name);
        try {
            Files.createDirectories(stage.resolve("model"));
            if (name.equals(failing)) {
                throw new IllegalStateException("asked to");
            }
            Files.writeString(stage.resolve("model/weights"), name + pairs);
            Files.writeString(stage.resolve("pairs.jsonl"), pairs);
            Files.writeString(stage.resolve("summary.json"), "{}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
