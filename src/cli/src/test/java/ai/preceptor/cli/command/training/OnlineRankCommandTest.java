package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code rank online=true}. Its curves on fixed answers are in {@code OnlineRankingTest}. */
class OnlineRankCommandTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");
    private static final Path PAIRS = Golden.file("pairs.jsonl");

    @TempDir
    Path directory;

    /** A loss of every family learns from sampled answers, from two and from the whole group. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "loss_type=sigmoid",
                "loss_type=[ipo,sft] select=group",
                "loss_type=aot",
                "loss_type=orpo",
                "loss_type=simpo select=group",
                "loss_type=rrhf",
                "loss_type=rrhf select=best_worst",
                "loss_type=pro",
                "loss_type=listmle",
                "loss_type=lambda_rank",
                "loss_type=kto",
                "loss_type=bco",
                "loss_type=sigmoid lora_r=2",
                "loss_type=sigmoid sync_ref_model=true ref_model_sync_steps=1",
                "loss_type=sigmoid reward_weights=[1,0.5] teacher=STUDENT rule=brevity"
            })
    void everyFamily_learns(String method) throws IOException {
        done(rank("run", "num_generations=3 max_steps=2 learning_rate=1e-3 " + method));
        List<JsonNode> steps = CommandRun.rows(directory.resolve("run/metrics.jsonl"));
        assertThat(steps).hasSize(2);
        for (JsonNode step : steps) {
            assertThat(step.path("grad_norm").doubleValue()).isPositive();
            assertThat(step.path("objective/scores_margin").doubleValue()).isPositive();
            assertThat(step.path("completions/mean_length").doubleValue()).isBetween(1.0, 8.0);
            assertThat(step.has("frac_groups_tied")).isTrue();
        }
        JsonNode sample =
                CommandRun.rows(directory.resolve("run/samples.jsonl")).get(0);
        assertThat(sample.path("token_ids").size()).isBetween(1, 8);
        assertThat(sample.path("outcome").isTextual()).isTrue();
        assertThat(summary("run").path("groups_used").intValue()).isBetween(4, 8);
    }

    /** A run's own samples teach what the run learnt: the same weights to the bit. */
    @ParameterizedTest
    @ValueSource(strings = {"loss_type=sigmoid", "loss_type=pro num_generations=3"})
    void samplesOfARun_readBack_trainTheSameModel(String method) {
        String keys = " max_steps=3 learning_rate=1e-3 max_num_gen_batches=1 shuffle=false ";
        done(rank("sampled", keys + method));
        done(command(
                "recorded",
                keys + method.replace(" num_generations=3", ""),
                "rollouts=" + directory.resolve("sampled/samples.jsonl")));
        assertThat(directory.resolve("recorded/model/model.safetensors"))
                .hasSameBinaryContentAs(directory.resolve("sampled/model/model.safetensors"));
    }

    @Test
    void learningRate_isTrlsUnlessGiven() throws IOException {
        done(rank("run", "max_steps=1 lr_scheduler_type=constant"));
        assertThat(CommandRun.rows(directory.resolve("run/metrics.jsonl"))
                        .get(0)
                        .path("learning_rate")
                        .doubleValue())
                .isEqualTo(5e-7);
        assertThat(directory.resolve("run/config.yaml"))
                .content()
                .contains("temperature: 0.9", "num_generations: null", "max_new_tokens: 8");
    }

    /** Each refusal names key, value and what is legal; nothing was loaded or written. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            online=true                                             | data: expected exactly one of data and rollouts, found neither
            online=true data=PAIRS                                  | reward_model: expected exactly one of reward_model, teacher, teacher_url and rule
            online=true data=PAIRS rule=brevity num_generations=1   | num_generations: expected an integer in [2, 65536], found 1
            online=true data=PAIRS rule=brevity temperature=0       | temperature: expected above 0
            online=true data=PAIRS rule=brevity eval_rows=3         | eval_rows: expected nothing with online=true, whose answers are sampled, found 3
            online=true data=PAIRS rule=brevity eval_steps=3        | eval_data: expected a file, required by eval_steps 3, found none
            online=true rollouts=PAIRS eval_data=PAIRS              | reward_model: expected one of reward_model, teacher, teacher_url and rule, since answers to eval_data have no recorded score
            online=true rollouts=PAIRS cluster.listen=127.0.0.1:1   | cluster: expected nothing where rollouts is given
            online=true data=PAIRS rule=brevity cluster.listen=127.0.0.1:1 heartbeat_timeout=2 | heartbeat_timeout: expected more than cluster.heartbeat 2.0, found 2.0
            data=PAIRS eval_steps=3                                 | eval_data: expected a file or eval_rows, required by eval_steps 3, found none
            data=PAIRS cluster.listen=127.0.0.1:1                   | cluster: expected nothing without online=true
            online=true data=PAIRS rule=brevity precompute_ref_log_probs=true | precompute_ref_log_probs: expected false with online=true
            online=true data=PAIRS rule=brevity reference_cache=cache | reference_cache: expected nothing with online=true
            online=true data=PAIRS rule=brevity max_length=64       | max_length: expected more than max_new_tokens 64, found 64
            online=true data=PAIRS rule=brevity loss_type=kto select=group | select: expected best_worst with kto
            online=true data=PAIRS rule=brevity loss_type=kto batch_size=3 | batch_size: expected batch_size x gradient_accumulation_steps to be a multiple of 2
            online=true data=PAIRS rule=brevity loss_type=kto batch_size=2 | batch_size: expected batch_size x gradient_accumulation_steps to be at least 4, two labeled answers to each of two prompts
            online=true data=PAIRS rollouts=PAIRS                   | data: expected exactly one of data and rollouts, found both
            data=PAIRS num_generations=4                            | num_generations: expected nothing without online=true, which it is for, found 4
            data=PAIRS temperature=0.5                              | temperature: expected nothing without online=true, which it is for, found 0.5
            data=PAIRS rule=brevity                                 | rule: expected nothing without online=true, which it is for, found brevity
            data=PAIRS max_staleness=1                              | max_staleness: expected nothing without online=true
            rollouts=PAIRS                                          | rollouts: expected nothing without online=true
            beta=0.2                                                | data: required but not given
            """)
    void refusals_nameKeyValueAndRange(String keys, String message) {
        List<String> words = new ArrayList<>(List.of("rank", "model=" + STUDENT, "output=" + directory.resolve("run")));
        words.addAll(
                Arrays.asList(keys.strip().replace("PAIRS", PAIRS.toString()).split(" ")));
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains(message.strip());
        assertThat(directory.resolve("run")).doesNotExist();
    }

    /** No prompt leaves room, or one does not and may not be dropped: told with the file, and the line, before a model loads. */
    @Test
    void promptsWithoutRoom_areRefused_withTheirFile() throws IOException {
        CommandRun none = rank("none", "max_length=12");
        assertThat(none.code()).as(none.err()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(none.err())
                .contains(PAIRS + ": no prompts to answer: all 24 are longer than 4 tokens", "max_new_tokens");
        Path prompts = Files.writeString(
                directory.resolve("prompts.jsonl"),
                "{\"prompt\": \"short\"}\n{\"prompt\": \"" + "long and longer ".repeat(40) + "\"}\n");
        CommandRun one = command("one", "max_length=64 over_length=refuse rule=brevity", "data=" + prompts);
        assertThat(one.code()).as(one.err()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(one.err()).contains(prompts + ":2: prompt: expected 1 to 56 tokens", "max_new_tokens");
    }

    @Test
    void recordedAnswersThatDoNotFit_areRefused() throws IOException {
        Path rollouts = Golden.file("policy_rollouts.jsonl");
        CommandRun tooLong = command("long", "", "rollouts=" + rollouts);
        assertThat(tooLong.code()).as(tooLong.err()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(tooLong.err()).contains("token_ids", "expected 1 to 8 tokens (max_new_tokens)");
        Path single = Files.writeString(
                directory.resolve("single.jsonl"),
                "{\"prompt\": \"a\", \"completions\": [{\"text\": \"b\", \"token_ids\": [5, 2], \"logprobs\": [-1, -1],"
                        + " \"finish_reason\": \"stop\"}], \"scores\": [1]}\n");
        CommandRun one = command("one", "", "rollouts=" + single);
        assertThat(one.code()).as(one.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(one.err()).contains("num_generations: expected 2 or more answers to a prompt", single + ":1");
    }

    /** A scorer that finds all answers alike ends the run, with what became of the prompts. */
    @Test
    void nothingButTies_endsTheRun() {
        try (TeacherServer server = TeacherServer.start(call -> ServedReply.completion("Hm.\nScore: 5"))) {
            CommandRun run = served("run", server, "max_num_gen_batches=2");
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.TEACHER_FAILED);
            assertThat(run.err()).contains("after 2 batches (max_num_gen_batches) no prompt had two answers", "8 tie");
        }
    }

    /** A judge that is paid: its calls go through the ledger, and a run that was stopped by the limit asks nothing twice. */
    @Test
    void servedTeacher_isAskedOnce_alsoByAResumedRun() throws IOException {
        try (TeacherServer server = TeacherServer.start(OnlineRankCommandTest::byLength)) {
            String keys = "max_steps=3 save_steps=1 prompt_price=1000 completion_price=1000 teacher_max_tokens=10";
            CommandRun capped = served("run", server, keys + " max_cost=1.8");
            assertThat(capped.code()).as(capped.err()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(server.calls()).isNotEmpty();
            done(served("run", server, keys + " max_cost=500 resume=true"));
            Set<String> different = new HashSet<>();
            server.calls().forEach(call -> different.add(call.question()));
            assertThat(server.calls()).as("no question twice").hasSameSizeAs(different);
            assertThat(summary("run").path("teacher/calls").intValue()).isEqualTo(different.size());
            assertThat(CommandRun.rows(directory.resolve("run/metrics.jsonl"))).hasSize(3);
            done(served("straight", server, keys + " max_cost=500"));
            assertThat(directory.resolve("straight/model/model.safetensors"))
                    .hasSameBinaryContentAs(directory.resolve("run/model/model.safetensors"));
        }
    }

    /** Measured on held-out prompts by the same scorer every second step and after the last, which changes nothing. */
    @Test
    void evalData_isMeasuredDuringTheRun_andChangesNothing() throws IOException {
        String keys =
                "max_steps=3 learning_rate=1e-3 metrics_port=0 eval_steps=2 num_generations_eval=1 eval_data=" + PAIRS;
        CommandRun run = rank("measured", keys);
        done(run);
        assertThat(run.err()).contains("rank: meters at http://127.0.0.1:");
        List<JsonNode> rows = CommandRun.rows(directory.resolve("measured/metrics.jsonl"));
        assertThat(rows.stream()
                        .filter(row -> row.has("eval_reward"))
                        .map(row -> row.path("step").intValue()))
                .containsExactly(2, 3);
        assertThat(rows.get(2).path("eval_reward").doubleValue()).isNegative();
        assertThat(rows.get(2).has("eval_objective/kl")).isTrue();
        assertThat(summary("measured").path("eval_reward").doubleValue())
                .isEqualTo(rows.get(4).path("eval_reward").doubleValue());
        done(rank("plain", "max_steps=3 learning_rate=1e-3"));
        assertThat(directory.resolve("measured/model/model.safetensors"))
                .hasSameBinaryContentAs(directory.resolve("plain/model/model.safetensors"));
    }

    private static ServedReply byLength(TeacherServer.Call call) {
        return ServedReply.completion("Hm.\nScore: " + (1 + call.question().length() % 10));
    }

    private CommandRun rank(String output, String keys) {
        String scorer = keys.contains("rule=") ? "" : " rule=brevity";
        return command(output, keys + scorer, "data=" + PAIRS);
    }

    private CommandRun served(String output, TeacherServer server, String keys) {
        return command(
                output,
                keys,
                "data=" + PAIRS,
                "teacher_url=" + server.url(),
                "teacher_model=judge-1",
                "learning_rate=1e-3");
    }

    private CommandRun command(String output, String keys, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "rank",
                "online=true",
                "model=" + STUDENT,
                "output=" + directory.resolve(output),
                "max_new_tokens=8",
                "batch_size=4"));
        words.addAll(Arrays.asList(more));
        words.addAll(Arrays.stream(keys.replace("STUDENT", STUDENT.toString()).split(" "))
                .filter(word -> !word.isEmpty())
                .toList());
        return CommandRun.of(words.toArray(String[]::new));
    }

    private JsonNode summary(String output) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(output).resolve("summary.json").toFile());
    }

    private static void done(CommandRun run) {
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
    }
}
