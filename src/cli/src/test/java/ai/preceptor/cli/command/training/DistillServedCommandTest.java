package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.serve.ApiServer;
import ai.preceptor.serve.RequestLimits;
import ai.preceptor.serve.ServeOptions;
import ai.preceptor.serve.ServerKey;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code distill} from the top tokens of a server. */
class DistillServedCommandTest {
    private static final Path TEACHER = Golden.dir("tiny-teacher");

    @TempDir
    Path directory;

    private Path rows;

    @BeforeEach
    void writeRows() throws IOException {
        List<String> lines = Golden.lines("pairs.jsonl").stream()
                .limit(8)
                .map(pair -> "{\"prompt\": " + pair.path("prompt") + ", \"completion\": " + pair.path("chosen") + "}")
                .toList();
        rows = Files.write(directory.resolve("rows.jsonl"), lines);
    }

    private CommandRun run(String name, String... more) {
        return CommandRun.of(arguments(name, more).toArray(String[]::new));
    }

    private List<String> arguments(String name, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "distill",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + rows,
                "output=" + directory.resolve(name),
                "batch_size=2",
                "loss_type=[forward_kl,sft]",
                "learning_rate=1e-3",
                "lr_scheduler_type=constant",
                "num_train_epochs=1",
                "threads=1",
                "save_steps=2"));
        for (String own : more) {
            all.removeIf(standard -> standard.startsWith(own.substring(0, own.indexOf('=') + 1)));
        }
        all.addAll(Arrays.asList(more));
        return all;
    }

    private List<JsonNode> steps(String name) throws IOException {
        List<JsonNode> steps = CommandRun.rows(directory.resolve(name).resolve("metrics.jsonl"));
        steps.forEach(step -> ((ObjectNode) step).remove("step_time"));
        return steps;
    }

    private JsonNode summary(String name) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(name).resolve("summary.json").toFile());
    }

    /** The loss of every step is that of the same teacher here; what it was paid for once is not asked again. */
    @Test
    void servedTeacher_isTheLocalOneCachedWithABucket() throws IOException {
        assertThat(run("local", "teacher=" + TEACHER, "teacher_top_k=5", "teacher_cache=" + directory.resolve("cache"))
                        .code())
                .isEqualTo(ExitCode.DONE);
        GenerationLimits limits = new GenerationLimits(16, 16 << 20, 512);
        ServeOptions options = new ServeOptions(
                "127.0.0.1", 0, ServerKey.none(), "big", limits, new DefaultSettings<>(RequestLimits.class).make());
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student teacher = preceptor.student(TEACHER, LoadOptions.FROZEN);
                ApiServer server = ApiServer.start(teacher, options)) {
            String[] keys = {
                "teacher_url=" + server.url(),
                "teacher_model=big",
                "teacher_top_k=5",
                "teacher_ledger=" + directory.resolve("calls.sqlite")
            };
            CommandRun served = run("served", keys);
            assertThat(served.code()).as(served.err()).isEqualTo(ExitCode.DONE);
            List<JsonNode> expected = steps("local");
            List<JsonNode> found = steps("served");
            assertThat(found).hasSameSizeAs(expected).hasSize(4);
            for (int i = 0; i < found.size(); i++) {
                for (String metric : List.of("loss", "forward_kl", "student_mass", "teacher_mass", "overlap_ratio")) {
                    assertThat(found.get(i).path(metric).asDouble(Double.NaN))
                            .as(metric)
                            .isCloseTo(expected.get(i).path(metric).asDouble(Double.NaN), within(1e-5));
                }
            }
            assertThat(summary("served").path("teacher/calls").asInt())
                    .as("a probe and 8 rows")
                    .isEqualTo(9);
            CommandRun stopped = run("halves", with(keys, "max_steps=2"));
            assertThat(stopped.code()).as(stopped.err()).isEqualTo(ExitCode.DONE);
            assertThat(run("halves", with(keys, "resume=true")).code()).isEqualTo(ExitCode.DONE);
            assertThat(steps("halves")).isEqualTo(found);
            assertThat(summary("halves").path("teacher/calls").asInt())
                    .as("from the ledger")
                    .isEqualTo(9);
        }
        try (Stream<Path> files = Files.list(directory.resolve("served"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.matches("teacher-[0-9a-f]{16}-top5.bin"));
        }
    }

    private static String[] with(String[] keys, String... more) {
        return Stream.concat(Arrays.stream(keys), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void serverWithoutPromptLogprobs_endsTheRunNamingTheField() {
        try (TeacherServer server = TeacherServer.start(call -> ServedReply.json(
                200, Map.of(), "{\"choices\": [{\"index\": 0, \"text\": \"x\", \"finish_reason\": \"length\"}]}"))) {
            CommandRun run = run("without", "teacher_url=" + server.url(), "teacher_model=big");
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.TEACHER_FAILED);
            assertThat(run.err()).contains("prompt_logprobs");
            assertThat(server.calls()).hasSize(1);
        }
    }

    /** Killed while it asks, then stopped by the limit of costs: what was answered is paid once, and the model is the same. */
    @Test
    void killedAndCapped_paysNothingTwice() throws Exception {
        Map<String, Integer> paid = new ConcurrentHashMap<>();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        String[] keys = {"teacher_model=big", "teacher_top_k=2", "teacher_concurrency=1", "prompt_price=1000"};
        try (Tokenizer tokenizer = Tokenizer.load(Golden.dir("tiny-chat"));
                TeacherServer clean = TeacherServer.start(call -> topTwo(call, tokenizer, new ConcurrentHashMap<>()));
                TeacherServer server = TeacherServer.start(call -> {
                    if (call.number() == 2) {
                        return ServedReply.error(429, Map.of("retry-after", "0"), "slow down");
                    } else if (call.number() < 5 || killed.getCount() == 0) {
                        return topTwo(call, tokenizer, paid);
                    }
                    return connection -> {
                        held.countDown();
                        killed.await();
                        connection.close();
                    };
                })) {
            CommandRun whole = run("whole", with(keys, "teacher_url=" + clean.url()));
            assertThat(whole.code()).as(whole.err()).isEqualTo(ExitCode.DONE);
            String[] ours = with(keys, "teacher_url=" + server.url());
            ProgramProcess process = ProgramProcess.start(
                    directory.resolve("log"), List.of(), arguments("run", with(ours, "device=cpu")));
            held.await();
            process.process().destroyForcibly();
            assertThat(process.end()).as(process.output()).isEqualTo(137);
            killed.countDown();
            assertThat(paid).hasSize(4);
            CommandRun capped = run("run", with(ours, "max_cost=5.5", "resume=true"));
            assertThat(capped.code()).as(capped.err()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(capped.err()).contains("max_cost: ");
            assertThat(paid).as("of a probe and 8 rows").hasSizeBetween(5, 8);
            CommandRun resumed = run("run", with(ours, "max_cost=100", "resume=true"));
            assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
        }
        assertThat(paid).hasSize(9);
        assertThat(paid.values()).containsOnly(1);
        assertThat(steps("run")).isEqualTo(steps("whole"));
        assertThat(directory.resolve("run/model/model.safetensors"))
                .hasSameBinaryContentAs(directory.resolve("whole/model/model.safetensors"));
    }

    /** The tokens after each and the next, with 1/2 and 1/4; the reply is counted as paid. */
    private static ServedReply topTwo(TeacherServer.Call call, Tokenizer tokenizer, Map<String, Integer> paid) {
        JsonNode ids = call.body().path("prompt");
        ObjectNode root = new ObjectMapper().createObjectNode();
        ObjectNode choice = root.putArray("choices").addObject();
        choice.put("index", 0).put("text", "x").put("finish_reason", "length");
        ArrayNode places = choice.putArray("prompt_logprobs").addNull();
        for (int i = 1; i < ids.size(); i++) {
            ObjectNode place = places.addObject();
            for (int next = 0; next < 2; next++) {
                int id = (ids.path(i).intValue() + next) % 500;
                place.putObject(Integer.toString(id))
                        .put("logprob", next == 0 ? Math.log(0.5) : Math.log(0.25))
                        .put("decoded_token", tokenizer.decode(new int[] {id}, false));
            }
        }
        root.putObject("usage").put("prompt_tokens", 1000).put("completion_tokens", 1);
        ServedReply reply = ServedReply.json(200, Map.of(), root.toString());
        return connection -> {
            paid.merge(ids.toString(), 1, Integer::sum);
            reply.to(connection);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loss_type=reverse_kl|loss_type: expected forward_kl, alone or with sft, with teacher_url",
                "loss_type=jsd|loss_type: expected forward_kl",
                "temperature=2|temperature: expected 1 with teacher_url",
                "lmbda=0.5|lmbda: expected none with teacher_url",
                "teacher_tail=spread|teacher_tail: expected bucket with teacher_url",
                "distillation=self|distillation: expected offline with teacher_url",
                "teacher=x|teacher_url: expected none with teacher",
                "teacher_weights=[1,2]|teacher_weights: expected one for each of 1 teachers",
            })
    void whatAServerDoesNotGive_isRefusedBeforeItIsAsked(String key, String message) {
        CommandRun run = run("refused", "teacher_url=http://127.0.0.1:9/v1", "teacher_model=big", key);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains(message);
        assertThat(directory.resolve("refused")).doesNotExist();
    }
}
