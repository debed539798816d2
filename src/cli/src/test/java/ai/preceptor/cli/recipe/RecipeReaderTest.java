package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.preceptor.cli.keys.inference.EvalConfig;
import ai.preceptor.cli.keys.training.OnlineKeys;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.keys.training.RewardConfig;
import ai.preceptor.cli.keys.training.SftConfig;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recipe may say, and everything that it may not, word for word. {@code %} stands for the file's own name. */
class RecipeReaderTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC);

    private static final List<StageKind<?>> KINDS = List.of(
            new StageKind<>("pairs", SftConfig.class, (keys, terminal) -> {}, false, List.of("pairs.jsonl")),
            new StageKind<>("reward", RewardConfig.class, (keys, terminal) -> {}, true, List.of()),
            new StageKind<>("rank", RankConfig.class, (keys, terminal) -> {}, true, List.of()));

    private static final String GOOD = """
        output: OUT
        model: MODEL
        seed: 7
        stages:
          make: {command: pairs, data: DATA}
          judge: {command: reward, data: 'stage:make/pairs.jsonl', seed: 8}
          dpo: {command: rank, data: 'stage:make/pairs.jsonl', beta: 0.2}
          more: {command: rank, model: 'stage:dpo', data: DATA}
        """;

    @TempDir
    Path directory;

    @Test
    void read_goodRecipe_resolvesStagesInOrder() throws IOException {
        Recipe recipe = read(GOOD, "stages.dpo.beta=0.3", "stages.more.max_steps=5");
        Path output = directory.resolve("out");
        assertThat(recipe.name()).isEqualTo("r");
        assertThat(recipe.output()).isEqualTo(output);
        assertThat(recipe.stages()).extracting(RecipeStage::name).containsExactly("make", "judge", "dpo", "more");
        RewardConfig judge = (RewardConfig) recipe.stages().get(1).configuration();
        assertThat(judge.data().data()).isEqualTo(output.resolve("make/pairs.jsonl"));
        assertThat(judge.training().seed()).isEqualTo(8);
        assertThat(judge.output().output()).isEqualTo(output.resolve("judge"));
        RankConfig dpo = (RankConfig) recipe.stages().get(2).configuration();
        assertThat(dpo.losses().beta()).isEqualTo(0.3);
        assertThat(dpo.training().seed()).isEqualTo(7);
        RankConfig more = (RankConfig) recipe.stages().get(3).configuration();
        assertThat(more.student().model()).isEqualTo(output.resolve("dpo/model"));
        assertThat(more.training().maxSteps()).isEqualTo(5);
    }

    @Test
    void read_textOfARecipe_isTheSameRecipeElsewhere() throws IOException {
        Recipe recipe = read(GOOD);
        String yaml = new RecipeText(recipe).yaml();
        assertThat(yaml).contains("model: \"stage:dpo\"", "data: \"stage:make/pairs.jsonl\"", "beta: 0.2");
        Recipe again = read(yaml, "output=" + directory.resolve("else"));
        assertThat(new RecipeText(again).yaml()).isEqualTo(yaml.replace("/out\"", "/else\""));
    }

    /** The text has no keys at its top that a list could refer to. */
    @Test
    void read_textOfARecipeWithMixedLists_isTheSameRecipe() throws IOException {
        List<StageKind<?>> kinds = new ArrayList<>(KINDS);
        kinds.add(new StageKind<>("eval", EvalConfig.class, (keys, terminal) -> {}, false, List.of()));
        Recipe recipe = read(kinds, """
            output: OUT
            model: MODEL
            data: DATA
            stages:
              make: {command: pairs}
              dpo: {command: rank, data: [recipe:data, 'stage:make/pairs.jsonl']}
              judge: {command: eval, model: [recipe:model, 'stage:dpo'], rule: brevity}
            """);
        String yaml = new RecipeText(recipe).yaml();
        assertThat(yaml).contains("\"stage:make/pairs.jsonl\"", "\"stage:dpo\"").doesNotContain("recipe:");
        Recipe again = read(kinds, yaml);
        assertThat(new RecipeText(again).yaml()).isEqualTo(yaml);
        for (int i = 0; i < 3; i++) {
            assertThat(again.stages().get(i).resolved())
                    .isEqualTo(recipe.stages().get(i).resolved());
        }
        EvalConfig judge = (EvalConfig) again.stages().get(2).configuration();
        assertThat(judge.model()).containsExactly(Golden.dir("tiny-chat"), directory.resolve("out/dpo/model"));
    }

    @Test
    void read_everyMistake_isToldAtOnce() throws IOException {
        assertThat(problems("""
            output: OUT
            model: MODEL
            bteta: 1
            stages:
              make: {command: pairs, data: nowhere.jsonl}
              judge: {command: rewrad, data: 'stage:make/pairs.jsonl'}
              dpo: {command: rank, data: 'stage:make/preferences.jsonl', betta: 0.2}
              early: {command: rank, model: 'stage:late', data: 'stage:mkae/pairs.jsonl'}
              late: {command: rank, model: 'stage:make', data: 'stage:judge/x', output: here}
              none: {data: DATA}
              num/ber: {command: rank, data: DATA}
            """, "stages.dpoo.beta=0.1"))
                .containsExactlyInAnyOrder(
                        "%:3:1: bteta: unknown key: no stage of this recipe takes it; nearest known key is beta",
                        "%:5:32: stages.make.data: expected files of rows: a file, a folder, a glob such as"
                                + " \"train-*.parquet\", or a list of these, found \"nowhere.jsonl\": it does not exist",
                        "%:6:20: stages.judge.command: expected one of pairs, reward, rank, found \"rewrad\"; nearest"
                                + " is reward",
                        "%:7:30: stages.dpo.data: expected stage:make/pairs.jsonl, found"
                                + " \"stage:make/preferences.jsonl\"",
                        "%:7:62: stages.dpo.betta: unknown key, found 0.2; nearest known key is stages.dpo.beta",
                        "%:8:33: stages.early.model: expected an earlier stage (make, dpo), found \"stage:late\"",
                        "%:8:53: stages.early.data: expected an earlier stage (make, dpo); nearest is stage:make, found"
                                + " \"stage:mkae/pairs.jsonl\"",
                        "%:9:32: stages.late.model: pairs writes no model; expected stage:make/pairs.jsonl, found"
                                + " \"stage:make\"",
                        "%:9:69: stages.late.output: belongs to the recipe, not to a stage; expected it at the top",
                        "%:10:9: stages.none.command: required but not given; expected one of pairs, reward, rank",
                        "%:11:12: stages.num/ber: is not a valid name of a stage, which names a directory: expected letters,"
                                + " digits, -, _ and +, a period before a digit, and none of checkpoints, model; found"
                                + " num/ber",
                        "command line: stages.dpoo.command: required but not given; expected one of pairs, reward,"
                                + " rank");
    }

    @Test
    void read_requiredKeyLeftOut_isToldAtItsStage() throws IOException {
        assertThat(problems("output: OUT\nstages:\n  make: {command: pairs, data: DATA}\n"))
                .containsExactly("%:3:9: stages.make.model: required but not given; expected a model directory"
                        + " (config.json inside, or an adapter) or a GGUF file");
    }

    @Test
    void read_keyOfTheRecipe_servesUnderAnotherName() throws IOException {
        Recipe recipe = read("output: OUT\nmodel: MODEL\nstages:\n"
                + "  make: {command: rank, data: DATA, ref_model: recipe:model}\n");
        RankConfig make = (RankConfig) recipe.stages().get(0).configuration();
        assertThat(make.reference().refModel()).isEqualTo(Golden.dir("tiny-chat"));
    }

    @Test
    void read_keyOfTheRecipeThatIsNotThere_isTold() {
        assertThat(problems("stages:\n  make: {command: rank, model: recipe:model, data: DATA}\n"))
                .containsExactly(
                        "%:2:32: stages.make.model: expected model at the top of the recipe, or as model=... on the"
                                + " command line, for this to refer to, found \"recipe:model\"");
    }

    @Test
    void read_keyThatEveryStageHasItself_isNotLostInSilence() throws IOException {
        String own = "  a: {command: rank, data: DATA, beta: 0.2}\n  b: {command: rank, data: DATA, beta: 0.3}\n";
        assertThat(problems("output: OUT\nmodel: MODEL\nstages:\n" + own, "beta=0.4"))
                .containsExactly("command line: beta: has no effect: every stage that takes it has its own; expected"
                        + " stages.a.beta or stages.b.beta instead");
        Recipe recipe = read("output: OUT\nmodel: MODEL\nstages:\n" + own.replace(", beta: 0.3", ""), "beta=0.4");
        assertThat(((RankConfig) recipe.stages().get(1).configuration())
                        .losses()
                        .beta())
                .isEqualTo(0.4);
    }

    /** What only online learning takes is no default of a stage that learns from a file, which would refuse it. */
    @Test
    void read_defaultOfAPartThatIsOff_isForOtherStages() throws IOException {
        List<StageKind<?>> kinds = List.of(
                KINDS.get(1),
                new StageKind<>(
                        "rank",
                        RankConfig.class,
                        (keys, terminal) -> {},
                        true,
                        List.of(),
                        new StageKind.Part("online", OnlineKeys.class)));
        String yaml = "output: OUT\nmodel: MODEL\nrule: brevity\nstages:\n  a: {command: rank, data: DATA}\n"
                + "  b: {command: rank, data: DATA, online: true}\n";
        Recipe recipe = read(kinds, yaml);
        RankConfig file = (RankConfig) recipe.stages().get(0).configuration();
        RankConfig online = (RankConfig) recipe.stages().get(1).configuration();
        assertThat(file.sampling().scorer().isGiven()).isFalse();
        assertThat(online.sampling().scorer().isGiven()).isTrue();
        assertThatThrownBy(() -> read(kinds, yaml.replace("online: true", "online: false")))
                .hasMessageContaining("rule: unknown key: no stage of this recipe takes it");
    }

    @Test
    void read_noStages_isTold() throws IOException {
        assertThat(problems("output: OUT\n"))
                .containsExactly("%:1:1: stages: required but not given; expected sections, each with a command");
    }

    @Test
    void read_withoutOutput_makesUpADirectory() throws IOException {
        Recipe recipe = read(GOOD.replace("output: OUT\n", ""));
        assertThat(recipe.output()).isEqualTo(Path.of("runs/r-20260102-120000"));
        assertThat(problems(GOOD.replace("output: OUT\n", ""), "resume=true"))
                .containsExactly("%:1:1: output: expected the run directory to continue, since resume is true");
    }

    @Test
    void read_outputThatHoldsARun_isLeftAlone() throws IOException {
        Path output = Files.createDirectories(directory.resolve("out"));
        Files.writeString(output.resolve("stages.jsonl"), "");
        assertThat(problems(GOOD))
                .containsExactly("%:1:9: output: expected a new directory, found an unfinished run in " + output
                        + "; continue with resume=true, or choose another output");
        assertThat(read(GOOD, "resume=true").output()).isEqualTo(output);

        Files.writeString(output.resolve("report.html"), "");
        Files.createDirectories(directory.resolve("out-2"));
        Recipe next = read(GOOD);
        assertThat(next.output()).isEqualTo(directory.resolve("out-3"));
        assertThat(next.notes())
                .containsExactly(output + " holds a finished run, which is kept; this one writes to " + next.output());
    }

    private Recipe read(String yaml, String... arguments) throws IOException {
        return read(KINDS, yaml, arguments);
    }

    private Recipe read(List<StageKind<?>> kinds, String yaml, String... arguments) throws IOException {
        String text = yaml.replace("OUT", directory.resolve("out").toString())
                .replace("MODEL", Golden.dir("tiny-chat").toString())
                .replace("DATA", Golden.file("pairs.jsonl").toString());
        Path file = Files.writeString(directory.resolve("r.yaml"), text);
        return new RecipeReader(kinds, References.NONE, NOON).read(file, List.of(arguments));
    }

    private List<String> problems(String yaml, String... arguments) {
        return catchThrowableOfType(ConfigurationException.class, () -> read(yaml, arguments))
                .getMessage()
                .replace(directory.resolve("r.yaml").toString(), "%")
                .lines()
                .toList();
    }
}
