package ai.preceptor.cli.command.inference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandLine;
import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.Commands;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.data.Answer;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.judge.JudgeSettings;
import ai.preceptor.teacher.judge.TeacherMode;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.served.client.ServedTeacher;
import ai.preceptor.teacher.served.client.ServerOptions;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.StepsInJava;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command, and Preceptor as a teacher of itself. */
@Tag("steps-in-java")
class ServeCommandTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final Pattern ADDRESS = Pattern.compile("serving (\\S+) at (http://\\S+/v1) with no key");

    @TempDir
    Path directory;

    /** The command on a thread of its own. */
    private static final class Running implements AutoCloseable {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final Terminal terminal = new Terminal(stream(out), stream(err), false, 80);
        private final CompletableFuture<ExitCode> end;

        Running(String... more) {
            List<String> arguments =
                    new ArrayList<>(List.of("serve", "model=" + MODEL, "port=0", "device=cpu", "threads=1"));
            arguments.addAll(List.of(more));
            end = CompletableFuture.supplyAsync(() -> new CommandLine(Commands.standard(), terminal).run(arguments));
        }

        private static PrintStream stream(ByteArrayOutputStream bytes) {
            return new PrintStream(bytes, true, StandardCharsets.UTF_8);
        }

        String url() throws InterruptedException {
            for (int i = 0; i < 30_000 && !end.isDone(); i++) {
                Matcher address = ADDRESS.matcher(out.toString(StandardCharsets.UTF_8));
                if (address.find()) {
                    return address.group(2);
                }
                Thread.sleep(2);
            }
            throw new AssertionError("no address: " + out + err);
        }

        ExitCode stop() {
            terminal.interrupt().request();
            return end.join();
        }

        @Override
        public void close() {
            stop();
        }
    }

    /** The weights are torn, which nobody gets to see: the store is refused before they are read. */
    @Test
    void storeThatTheMachineDoesNotHave_isRefusedBeforeTheModelIsRead() throws IOException {
        Path torn = Files.createDirectory(directory.resolve("torn"));
        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja")) {
            Files.copy(MODEL.resolve(name), torn.resolve(name));
        }
        Files.writeString(torn.resolve("model.safetensors"), "torn");
        CommandRun run = CommandRun.of("serve", "model=" + torn, "port=0", "kv_cache_memory_bytes=99999999999999");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("kv_cache_memory_bytes: expected 1 to ", "the memory that cpu has", "found 99999999999999")
                .doesNotContain("defect");
    }

    /** Chosen at the start, and told. */
    @Test
    void serve_autoSteps_saysWhatTheyAre() throws IOException, InterruptedException {
        StepsInJava.assumePossible();
        try (Running running = new Running("rollout_dtype=auto", "max_num_seqs=4")) {
            String url = running.url();
            Matcher line = Pattern.compile("rollout_dtype: (none|float32) \\(a step of 4 rows takes ")
                    .matcher(running.err.toString(StandardCharsets.UTF_8));
            assertThat(line.find())
                    .as(running.err.toString(StandardCharsets.UTF_8))
                    .isTrue();
            HttpResponse<String> models = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url + "/models")).build(), BodyHandlers.ofString());
            assertThat(models.body()).contains("\"rollout_dtype\":\"" + line.group(1) + "\"");
        }
    }

    @Test
    void serve_untilInterrupted_endsWith130() throws IOException, InterruptedException {
        try (Running running = new Running()) {
            String url = running.url();
            HttpResponse<String> models = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url + "/models")).build(), BodyHandlers.ofString());
            assertThat(models.body()).contains("\"id\":\"tiny-chat\"");
            assertThat(running.stop()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(running.err.toString(StandardCharsets.UTF_8))
                    .contains("preceptor serve: interrupted; every request was answered");
        }
    }

    @Test
    void serve_terminated_endsWith130() throws IOException, InterruptedException {
        Path log = directory.resolve("log");
        ProgramProcess process = ProgramProcess.start(
                log, List.of(), List.of("serve", "model=" + MODEL, "port=0", "device=cpu", "served_model_name=mine"));
        try {
            process.await(log, 1);
            while (!process.output().contains("serving mine at http://127.0.0.1:")) {
                assertThat(process.process().isAlive()).as(process.output()).isTrue();
                Thread.sleep(5);
            }
            process.process().destroy();
            assertThat(process.end()).as(process.output()).isEqualTo(ExitCode.INTERRUPTED.number());
            assertThat(process.output()).contains("interrupted; every request was answered");
        } finally {
            process.process().destroyForcibly();
        }
    }

    @Test
    void serve_impossibleKeys_areRefusedAllAtOnce() {
        CommandRun run = CommandRun.of(
                "serve",
                "model=" + MODEL,
                "host=0.0.0.0",
                "port=70000",
                "timeout=0",
                "api_key_env=NO_SUCH_VARIABLE_HERE",
                "max_num_seqs=0");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains(
                        "port: expected an integer in [0, 65535], found 70000",
                        "timeout: expected a number in (0, 86400], found 0",
                        "api_key_env: the environment variable NO_SUCH_VARIABLE_HERE is not set, expected the key in"
                                + " it",
                        "max_num_seqs: expected an integer in [1, 1024], found 0");
        CommandRun open = CommandRun.of("serve", "model=" + MODEL, "host=0.0.0.0");
        assertThat(open.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(open.err())
                .contains("host: expected a loopback address such as 127.0.0.1, or a key in the environment variable"
                        + " PRECEPTOR_API_KEY, found \"0.0.0.0\" without a key");
    }

    @Test
    void serve_portTaken_isRefused() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CommandRun run = CommandRun.of("serve", "model=" + MODEL, "port=" + taken.getLocalPort());
            assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(run.err()).contains("port: cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    /** The client that asks other servers asks this one: it is answered, grades are read, and demonstrations are written. */
    @Test
    void servedTeacher_isPreceptorItself() throws Exception {
        try (Running running = new Running("served_model_name=org/teacher");
                CallLedger ledger = CallLedger.open(directory.resolve("calls.sqlite"));
                ServedTeacher teacher = new ServedTeacher(
                        ServerOptions.of(running.url(), "org/teacher"), ledger, new SimpleMeterRegistry())) {
            ChatRequest question = new ChatRequest(List.of(Message.user("Say number 3")), new ChatSampling(1, 12, 5L));
            String reply = teacher.ask(List.of(question)).get(0).reply().text();
            assertThat(reply).isNotBlank();
            assertThat(teacher.totals().completionTokens()).isBetween(1L, 12L);
            List<Score> scores = JudgeSettings.of(TeacherMode.SCORE)
                    .scorer(teacher, 0)
                    .score(List.of(Answer.of(Prompt.user("Hi"), "Hello")));
            assertThat(scores).hasSize(1);
            assertThat(scores.get(0).isScored())
                    .as("this tiny model knows no grades")
                    .isFalse();

            Path prompts = directory.resolve("prompts.jsonl");
            Files.writeString(
                    prompts,
                    "{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number 3\"}]}\n"
                            + "{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number 4\"}]}\n");
            CommandRun elicited = CommandRun.of(
                    "elicit",
                    "kind=demonstrations",
                    "data=" + prompts,
                    "output=" + directory.resolve("run"),
                    "teacher_url=" + running.url(),
                    "teacher_model=org/teacher",
                    "max_new_tokens=12",
                    "seed=5");
            assertThat(elicited.code()).as(elicited.err()).isEqualTo(ExitCode.DONE);
            List<JsonNode> rows = CommandRun.rows(directory.resolve("run/demonstrations.jsonl"));
            assertThat(rows.get(0).at("/completion/0/content").asText())
                    .as("the same request, so the same answer")
                    .isEqualTo(reply);
        }
    }
}
