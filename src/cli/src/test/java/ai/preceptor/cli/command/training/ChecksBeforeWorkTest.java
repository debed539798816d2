package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.command.EmbeddedReferences;
import ai.preceptor.cli.keys.inference.EvalConfig;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.recipe.RecipeReader;
import ai.preceptor.cli.recipe.StageKind;
import ai.preceptor.parquet.ParquetExport;
import ai.preceptor.quickstart.EmbeddedModels;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused leaves no directory, and a recipe's last stage is checked before its first one runs. */
class ChecksBeforeWorkTest {
    private static final String STUDENT = "model=embedded:student";

    @TempDir
    Path directory;

    private Path pairs;
    private Path output;

    @BeforeEach
    void write() throws IOException {
        String row = "{\"prompt\": \"a\", \"chosen\": \"b c\", \"rejected\": \"d\"}\n";
        pairs = Files.writeString(directory.resolve("pairs.jsonl"), row.repeat(3));
        output = directory.resolve("out");
    }

    @Test
    void reward_moreHeldOutRowsThanData_isRefused() {
        refused(
                "eval_rows: expected fewer than the 3 rows of data, found 600",
                "reward",
                STUDENT,
                "data=" + pairs,
                "eval_rows=600",
                "output=" + output);
        refused(
                "eval_rows: expected fewer than the 2 rows of data, found 2",
                "rank",
                STUDENT,
                "data=" + pairs,
                "eval_rows=2",
                "max_rows=2",
                "output=" + output);
    }

    @Test
    void reward_heldOutRowsOfAFolder_areCounted() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("shards"));
        Files.copy(pairs, folder.resolve("a.jsonl"));
        Files.copy(pairs, folder.resolve("b.jsonl"));
        refused(
                "eval_rows: expected fewer than the 6 rows of data, found 6",
                "reward",
                STUDENT,
                "data=" + folder,
                "eval_rows=6",
                "output=" + output);
    }

    @Test
    void reward_parquetNamedAsJsonLines_isNotCountedByItsLineFeeds() throws IOException {
        Path named = Files.writeString(directory.resolve("named.jsonl"), "PAR1\nx\n");
        CommandRun run = CommandRun.of("reward", STUDENT, "data=" + named, "eval_rows=5", "output=" + output);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("Parquet").doesNotContain("eval_rows");
    }

    @Test
    void policy_answerAsLongAsTheContext_isRefused() {
        refused(
                "max_completion_length: expected less than the model's context of 128 tokens",
                "policy",
                STUDENT,
                "data=embedded:prompts",
                "rule=brevity",
                "max_completion_length=128",
                "output=" + output);
        refused(
                "max_new_tokens: expected less than the model's context of 128 tokens",
                "rank",
                STUDENT,
                "data=embedded:prompts",
                "online=true",
                "rule=brevity",
                "max_new_tokens=200",
                "output=" + output);
    }

    @Test
    void sft_rowsOfAnotherFormat_leaveNoDirectory() {
        CommandRun run = CommandRun.of("sft", STUDENT, "data=" + pairs, "output=" + output);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("3 invalid rows", "expected the keys prompt and completion");
        assertThat(output).doesNotExist();
    }

    @Test
    void recipe_lastStageThatCannotRun_isRefusedBeforeTheFirst() throws IOException {
        Path recipe = Files.writeString(directory.resolve("r.yaml"), """
                output: %s
                device: cpu
                stages:
                  preferences:
                    command: elicit
                    model: embedded:student
                    teacher: embedded:teacher
                    data: embedded:prompts
                  reward:
                    command: reward
                    model: embedded:student
                    data: %s
                    eval_rows: 3
                  policy:
                    command: policy
                    model: embedded:student
                    reward_model: stage:reward
                    data: embedded:prompts
                    max_completion_length: 500
                """.formatted(output, pairs));
        CommandRun run = CommandRun.exactly("run", recipe.toString());
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains(
                        "preceptor run: 2 problems",
                        "stages.reward.eval_rows: expected fewer than the 3 rows",
                        "stages.policy.max_completion_length: expected less than the model's context of 128");
        assertThat(output).doesNotExist();
    }

    /** The models that write answers, in each command that samples some. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "generate model=embedded:student max_new_tokens=128",
                "eval model=embedded:student rule=brevity max_new_tokens=200",
                "eval model=LARGE baseline=embedded:student rule=brevity max_new_tokens=200",
                "elicit model=embedded:student rule=brevity max_new_tokens=128",
                "elicit kind=demonstrations teacher=embedded:teacher max_new_tokens=128",
                "elicit kind=corrections model=embedded:student teacher=embedded:teacher max_new_tokens=128",
                "elicit kind=prompts num_prompts=3 teacher=embedded:teacher max_new_tokens=128",
                "distill teacher=embedded:teacher model=embedded:student lmbda=0.5 max_new_tokens=128",
                "distill teacher=embedded:student model=LARGE lmbda=0.5 max_new_tokens=128",
                "distill teacher=embedded:teacher model=embedded:student seq_kd=true max_new_tokens=200",
            })
    void answersAsLongAsTheContext_areRefused(String line) {
        List<String> words = new ArrayList<>(List.of(
                line.replace("LARGE", Golden.dir("tiny-chat").toString()).split(" ")));
        words.addAll(List.of("data=embedded:prompts", "output=" + output));
        refused("max_new_tokens: expected less than the model's context of 128 tokens", words.toArray(String[]::new));
    }

    /** One token less leaves room, and the default is whatever the context leaves. */
    @ParameterizedTest
    @ValueSource(strings = {"max_new_tokens=127", "temperature=1"})
    void generate_answersWithinTheContext_areWritten(String key) {
        CommandRun run =
                CommandRun.of("generate", STUDENT, "data=embedded:prompts", "max_rows=1", key, "output=" + output);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(output).isNotEmptyFile();
    }

    @Test
    void distill_answersThatLeaveRoomOrAreNotWritten_areAccepted() {
        List<String> keys = List.of(STUDENT, "teacher=embedded:teacher", "data=embedded:prompts", "output=" + output);
        for (String more : List.of("lmbda=0.5 max_new_tokens=127", "seq_kd=true", "max_length=64")) {
            List<String> all = new ArrayList<>(keys);
            all.addAll(List.of(more.split(" ")));
            assertThat(new DistillCommand().read(null, all).student().model()).exists();
        }
        refused(
                "max_new_tokens: expected less than max_length 64, found 64",
                "distill",
                STUDENT,
                "teacher=embedded:teacher",
                "data=embedded:prompts",
                "lmbda=1",
                "max_length=64",
                "max_new_tokens=64",
                "output=" + output);
    }

    @Test
    void reward_heldOutRowsOfCsv_areCounted() throws IOException {
        Path csv = Files.writeString(
                directory.resolve("pairs.csv"), "prompt,chosen,rejected\n" + "a,b c,d\n\"two\nlines\",b c,d\n");
        refused(
                "eval_rows: expected fewer than the 2 rows of data, found 2",
                "reward",
                STUDENT,
                "data=" + csv,
                "eval_rows=2",
                "output=" + output);
    }

    @Test
    void reward_heldOutRowsOfParquet_areCounted() throws IOException {
        Path parquet = directory.resolve("pairs.parquet");
        ParquetExport.write(pairs, parquet);
        refused(
                "eval_rows: expected fewer than the 3 rows of data, found 3",
                "reward",
                STUDENT,
                "data=" + parquet,
                "eval_rows=3",
                "output=" + output);
    }

    /** A model that a stage will train has the context of the one it starts from, however many stages lie between. */
    @Test
    void recipe_evalOfAModelThatIsNotThereYet_isRefusedBeforeTraining() throws IOException {
        CommandRun run = CommandRun.exactly("run", chained(200).toString());
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains(
                        "preceptor run: 2 problems",
                        "stages.more.max_new_tokens: expected less than the model's context of 128 tokens",
                        "stages.eval.max_new_tokens: expected less than the model's context of 128 tokens");
        assertThat(output).doesNotExist();
    }

    @Test
    void recipe_answersWithinTheContext_areAccepted() throws IOException {
        List<StageKind<?>> kinds = List.of(
                new StageKind<>("rank", RankConfig.class, (keys, terminal) -> {}, true, List.of()),
                new StageKind<>("eval", EvalConfig.class, (keys, terminal) -> {}, false, List.of()));
        EmbeddedReferences embedded = new EmbeddedReferences(EmbeddedModels.inUserCache());
        RecipeReader reader = new RecipeReader(kinds, embedded, Clock.systemUTC());
        assertThat(reader.read(chained(127), List.of()).stages()).hasSize(3);
    }

    private Path chained(int answer) throws IOException {
        return Files.writeString(directory.resolve("chained.yaml"), """
                output: %s
                device: cpu
                stages:
                  rank:
                    command: rank
                    model: embedded:student
                    data: %s
                  more:
                    command: rank
                    model: stage:rank
                    online: true
                    rule: brevity
                    max_new_tokens: %d
                    data: embedded:prompts
                  eval:
                    command: eval
                    model: stage:more
                    rule: brevity
                    max_new_tokens: %d
                    data: embedded:prompts
                """.formatted(output, pairs, answer, answer));
    }

    private void refused(String problem, String... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains(problem).doesNotContain("problems");
        assertThat(output).doesNotExist();
    }
}
