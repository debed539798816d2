package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.preceptor.cli.keys.inference.EvalConfig;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.keys.training.SftConfig;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recipe may say of rounds, and what it may not. {@code %} stands for the file's own name. */
class RoundsReaderTest {
    private static final String GOOD = """
        output: OUT
        model: MODEL
        repeat: 3
        repeat_stages: [make, dpo, judge]
        start: recipe:model
        seed: 7
        stages:
          warm: {command: rank, data: DATA}
          make: {command: pairs, model: 'previous:dpo', data: DATA}
          dpo: {command: rank, model: 'previous:dpo', ref_model: base, data: 'stage:make/pairs.jsonl'}
          judge: {command: eval, model: ['stage:dpo', 'stage:warm'], baseline: base, data: DATA}
          last: {command: eval, model: ['stage:dpo', 'stage:round-1/dpo'], data: DATA}
        """;

    @TempDir
    Path directory;

    private Path output;

    @BeforeEach
    void place() {
        output = directory.resolve("out");
    }

    @Test
    void read_rounds_areUnrolledEachInItsDirectory() throws IOException {
        Recipe recipe = read(GOOD);
        assertThat(recipe.stages())
                .extracting(RecipeStage::name)
                .containsExactly(
                        "warm",
                        "round-1/make",
                        "round-1/dpo",
                        "round-1/judge",
                        "round-2/make",
                        "round-2/dpo",
                        "round-2/judge",
                        "round-3/make",
                        "round-3/dpo",
                        "round-3/judge",
                        "last");
        assertThat(recipe.stages().get(5).directory()).isEqualTo(output.resolve("round-2/dpo"));
        assertThat(rank(recipe, "round-1/dpo").student().model()).isEqualTo(Golden.dir("tiny-chat"));
        assertThat(rank(recipe, "round-3/dpo").student().model()).isEqualTo(output.resolve("round-2/dpo/model"));
        assertThat(rank(recipe, "round-3/dpo").reference().refModel()).isEqualTo(Golden.dir("tiny-chat"));
        assertThat(rank(recipe, "round-2/dpo").data().data()).isEqualTo(output.resolve("round-2/make/pairs.jsonl"));
        assertThat(make(recipe, "round-2/make").student().model())
                .as("a stage that comes later in the round")
                .isEqualTo(output.resolve("round-1/dpo/model"));
        EvalConfig judge = (EvalConfig) stage(recipe, "round-2/judge").configuration();
        assertThat(judge.model()).containsExactly(output.resolve("round-2/dpo/model"), output.resolve("warm/model"));
        assertThat(judge.judges().baseline()).isEqualTo(Golden.dir("tiny-chat"));
        EvalConfig last = (EvalConfig) stage(recipe, "last").configuration();
        assertThat(last.model())
                .as("after the rounds, a stage is that of the last one")
                .containsExactly(output.resolve("round-3/dpo/model"), output.resolve("round-1/dpo/model"));
    }

    @Test
    void read_rounds_sampleAnewAndAreMeasuredAlike() throws IOException {
        Recipe recipe = read(GOOD, "stages.dpo.seed=1", "repeat=2");
        assertThat(make(recipe, "round-1/make").training().seed()).isEqualTo(7);
        assertThat(make(recipe, "round-2/make").training().seed()).isEqualTo(1007);
        assertThat(rank(recipe, "round-2/dpo").training().seed()).isEqualTo(1001);
        assertThat(rank(recipe, "warm").training().seed()).isEqualTo(7);
        assertThat(((EvalConfig) stage(recipe, "round-2/judge").configuration()).seed())
                .isEqualTo(7);
        Recipe standard = read(GOOD.replace("seed: 7\n", ""));
        assertThat(make(standard, "round-3/make").training().seed())
                .as("the default is 42")
                .isEqualTo(2042);
    }

    @Test
    void read_previousAsAWord_isTheSameStageBefore() throws IOException {
        Recipe recipe = read(GOOD.replace("ref_model: base", "ref_model: previous"));
        assertThat(rank(recipe, "round-1/dpo").reference().refModel()).isEqualTo(Golden.dir("tiny-chat"));
        assertThat(rank(recipe, "round-2/dpo").reference().refModel()).isEqualTo(output.resolve("round-1/dpo/model"));
    }

    @Test
    void read_startOfAStage_goesBeforeThatOfTheRecipe() throws IOException {
        String yaml = GOOD.replace("dpo: {command: rank,", "dpo: {command: rank, start: 'stage:warm',");
        Recipe recipe = read(yaml);
        assertThat(rank(recipe, "round-1/dpo").student().model()).isEqualTo(output.resolve("warm/model"));
        assertThat(rank(recipe, "round-1/dpo").reference().refModel())
                .as("base is the recipe's start")
                .isEqualTo(Golden.dir("tiny-chat"));
    }

    @Test
    void read_splitRows_giveEachRoundAPart() throws IOException {
        Recipe recipe = read(GOOD, "repeat_data=split");
        assertThat(make(recipe, "round-2/make").data().shard().dataShards()).isEqualTo(3);
        assertThat(make(recipe, "round-2/make").data().shard().dataShard()).isEqualTo(2);
        assertThat(rank(recipe, "round-2/dpo").data().shard().dataShards())
                .as("rows of another stage")
                .isEqualTo(1);
        assertThat(((EvalConfig) stage(recipe, "round-2/judge").configuration())
                        .data()
                        .shard()
                        .dataShards())
                .as("what only measures")
                .isEqualTo(1);
        assertThat(rank(recipe, "warm").data().shard().dataShards()).isEqualTo(1);
    }

    @Test
    void read_textOfARecipeWithRounds_isTheSameRecipeElsewhere() throws IOException {
        for (String data : List.of("repeat_data=split", "repeat_data=same")) {
            String yaml = new RecipeText(read(GOOD, data)).yaml();
            assertThat(yaml)
                    .contains("model: \"previous:dpo\"", "ref_model: \"base\"", "- \"stage:round-1/dpo\"", "repeat: 3");
            Recipe again = read(yaml, "output=" + directory.resolve("else"));
            assertThat(new RecipeText(again).yaml()).isEqualTo(yaml.replace("/out\"", "/else\""));
            assertThat(make(again, "round-2/make").training().seed()).isEqualTo(1007);
            assertThat(make(again, "round-2/make").data().shard().dataShard())
                    .isEqualTo(data.endsWith("split") ? 2 : 1);
        }
    }

    @Test
    void read_previousWithoutAStart_isRefusedBeforeAnythingRuns() {
        assertThat(problems(GOOD.replace("start: recipe:model\n", "")))
                .containsExactly(
                        "%:8:33: stages.make.model: expected a start for the first round, by start at the top of the"
                                + " recipe or stages.dpo.start, found \"previous:dpo\"",
                        "%:9:31: stages.dpo.model: expected a start for the first round, by start at the top of the"
                                + " recipe or stages.dpo.start, found \"previous:dpo\"");
        assertThat(problems(GOOD.replace("model: 'previous:dpo', data: DATA", "data: 'previous:make/pairs.jsonl'")))
                .containsExactly("%:9:32: stages.make.data: expected a start for the first round, by"
                        + " stages.make.start, found \"previous:make/pairs.jsonl\"");
    }

    @Test
    void read_previousOfWhatDoesNotRepeat_isRefused() {
        assertThat(problems(GOOD.replace(
                        "dpo: {command: rank, model: 'previous:dpo'", "dpo: {command: rank, model: 'previous:warm'")))
                .containsExactly("%:10:31: stages.dpo.model: expected a stage that repeats (make, dpo, judge), found"
                        + " \"previous:warm\"");
        assertThat(problems(GOOD.replace("'stage:dpo', 'stage:round-1/dpo'", "'previous:dpo'")))
                .containsExactly("%:12:32: stages.last.model: expected stage:NAME or stage:round-N/NAME in a stage that"
                        + " runs once, found a list of 1");
        assertThat(problems("output: OUT\nstages:\n  dpo: {command: rank, model: 'previous:dpo', data: DATA}\n"))
                .containsExactly("%:3:31: stages.dpo.model: expected repeat, the number of rounds, at the top of a"
                        + " recipe with previous:, found \"previous:dpo\"");
        assertThat(problems(GOOD.replace("model: 'previous:dpo', data: DATA", "model: 'previous:judge', data: DATA")))
                .containsExactly("%:9:33: stages.make.model: eval writes no model; expected another stage, since eval"
                        + " writes nothing for other stages, found \"previous:judge\"");
    }

    /** In the second round it would be that of the first, in silence. */
    @Test
    void read_laterStageOfTheRound_isRefused() {
        assertThat(problems(GOOD.replace("model: 'previous:dpo', data: DATA", "model: 'stage:dpo', data: DATA")))
                .first()
                .asString()
                .startsWith("%:9:33: stages.make.model: expected an earlier stage (warm), found \"stage:dpo\"");
    }

    @Test
    void read_roundsThatMakeNoSense_areRefused() {
        assertThat(problems(GOOD.replace("[make, dpo, judge]", "[make, judge]")))
                .contains("%:4:16: repeat_stages: expected stages that stand one after the other, in their order (warm,"
                        + " make, dpo, judge, last), found make, judge");
        assertThat(problems(GOOD.replace("[make, dpo, judge]", "[maek]")))
                .contains("%:4:16: repeat_stages: expected some of warm, make, dpo, judge, last, found \"maek\";"
                        + " nearest is make");
        assertThat(problems(GOOD, "repeat=0"))
                .contains("command line: repeat: expected an integer in [1, 1000], found 0");
        assertThat(problems(GOOD.replace("repeat: 3\n", "")))
                .contains("%:3:16: repeat_stages: requires repeat, the number of rounds, which is not set");
        assertThat(problems(GOOD.replace("warm:", "round-1:").replace(", 'stage:warm'", "")))
                .first()
                .asString()
                .contains("stages.round-1: is not a valid name of a stage in a recipe with rounds");
    }

    /** Rounds that somebody unrolled by hand. */
    @Test
    void read_stageWithTheNameOfARound_isAStageWithoutRepeat() throws IOException {
        Recipe recipe = read("output: OUT\nmodel: MODEL\nstages:\n  round-1: {command: pairs, data: DATA}\n"
                + "  dpo: {command: rank, data: 'stage:round-1/pairs.jsonl'}\n");
        assertThat(rank(recipe, "dpo").data().data()).isEqualTo(output.resolve("round-1/pairs.jsonl"));
    }

    @Test
    void read_startThatNothingRefersTo_isNotLostInSilence() {
        String none = "output: OUT\nmodel: MODEL\nstages:\n  dpo: {command: rank, data: DATA%s}\n";
        assertThat(problems(none.formatted(""), "repeat=2", "start=recipe:model"))
                .containsExactly(
                        "command line: start: has no effect: no stage that repeats has previous:STAGE, previous"
                                + " or base in place of a path");
        assertThat(problems(none.formatted(", start: MODEL"), "repeat=2"))
                .singleElement()
                .asString()
                .endsWith(": stages.dpo.start: has no effect: no stage has previous:dpo in place of a path");
    }

    /** Of each round; told once. */
    @Test
    void read_mistakeOnTheCommandLine_isToldOnce() {
        assertThat(problems(GOOD, "stages.dpo.betta=1"))
                .containsExactly("command line: stages.dpo.betta: unknown key, found 1; nearest known key is"
                        + " stages.dpo.beta");
    }

    /** The next round would hold out what this one learnt from. */
    @Test
    void read_heldOutRowsOfRowsThatEveryRoundReads_areRefused() throws IOException {
        String message =
                "stages.dpo.eval_rows: expected none where rounds read the same rows, since a round would hold out"
                        + " what one before it learnt from, found 2; give eval_data instead, or repeat_data=split";
        String own = GOOD.replace("'stage:make/pairs.jsonl'", "DATA");
        assertThat(problems(GOOD, "stages.dpo.eval_rows=2")).containsExactly("command line: " + message);
        assertThat(problems(own, "stages.dpo.eval_rows=2")).containsExactly("command line: " + message);
        assertThat(problems(own, "stages.dpo.eval_rows=2", "repeat_data=split", "stages.dpo.data_shards=2"))
                .containsExactly("command line: " + message);
        String fixed = GOOD.replace("warm: {command: rank", "warm: {command: pairs")
                .replace("'stage:make/pairs.jsonl'", "'stage:warm/pairs.jsonl'")
                .replace(", 'stage:warm'", "");
        assertThat(problems(fixed, "stages.dpo.eval_rows=2", "repeat_data=split"))
                .containsExactly("command line: " + message);
        for (String yaml : List.of(GOOD, own)) {
            assertThat(rank(read(yaml, "stages.dpo.eval_rows=2", "repeat_data=split"), "round-2/dpo")
                            .heldOut()
                            .evalRows())
                    .isEqualTo(2);
        }
        read(GOOD, "stages.dpo.eval_rows=2", "repeat=1");
        read(GOOD, "stages.warm.eval_rows=2");
    }

    @Test
    void read_rowsThatASplitGivesOtherwise_nameTheKeysOfTheRecipe() throws IOException {
        FinishedStages finished = FinishedStages.of(output);
        Files.createDirectories(output);
        RecipeStage<?> was = stage(read(GOOD, "repeat_data=split", "resume=true"), "round-1/make");
        Files.createDirectories(was.directory());
        finished.add(was, 1);
        RecipeStage<?> is = stage(read(GOOD, "repeat_data=split", "resume=true", "repeat=5"), "round-1/make");
        assertThatThrownBy(() -> finished.requireSame(is, 5))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("repeat: ")
                .hasMessageContaining("repeat_data=split")
                .hasMessageNotContaining("data_shards");
        RecipeStage<?> same = stage(read(GOOD, "resume=true"), "round-1/make");
        assertThatThrownBy(() -> finished.requireSame(same, 3))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("data_shards: was 3, is 1");
    }

    private static RecipeStage<?> stage(Recipe recipe, String name) {
        return recipe.stages().stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static RankConfig rank(Recipe recipe, String name) {
        return (RankConfig) stage(recipe, name).configuration();
    }

    private static SftConfig make(Recipe recipe, String name) {
        return (SftConfig) stage(recipe, name).configuration();
    }

    private Recipe read(String yaml, String... arguments) throws IOException {
        String text = yaml.replace("OUT", output.toString())
                .replace("MODEL", Golden.dir("tiny-chat").toString())
                .replace("DATA", Golden.file("pairs.jsonl").toString());
        Path file = Files.writeString(directory.resolve("r.yaml"), text);
        return new RecipeReader(RecipeTexts.KINDS, References.NONE, Clock.systemUTC()).read(file, List.of(arguments));
    }

    private List<String> problems(String yaml, String... arguments) {
        return catchThrowableOfType(ConfigurationException.class, () -> read(yaml, arguments))
                .getMessage()
                .replace(directory.resolve("r.yaml").toString(), "%")
                .lines()
                .toList();
    }
}
