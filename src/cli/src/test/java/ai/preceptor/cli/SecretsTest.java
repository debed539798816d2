package ai.preceptor.cli;

import static ai.preceptor.testkit.ServedReply.completionBody;
import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets of a served teacher are in no file and in no message. */
class SecretsTest {
    private static final String KEY = "sk-QzX0/7bW+kR5vN2mL9tY4";

    @TempDir
    Path directory;

    /** Repeats the key in a reply, over the place where messages are cut, and in what is no reply. */
    private static ServedReply repeating(TeacherServer.Call call) {
        int number = Integer.parseInt(call.question());
        return switch (number) {
            case 0 -> ServedReply.completion("I was called with " + KEY);
            case 1 -> ServedReply.error(400, "x".repeat(150) + KEY);
            case 2 -> ServedReply.json(200, Map.of(), completionBody(KEY, 2));
            case 3 -> ServedReply.json(200, Map.of(), "x".repeat(150) + KEY);
            case 4 -> ServedReply.json(200, Map.of(), completionBody(KEY.replace("-", "\\u002d"), 1));
            default -> ServedReply.completion("fine");
        };
    }

    @Test
    void aKeyThatTheServerRepeats_isInNoFile_andNotPrinted() throws Exception {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 7; i++) {
            rows.append("{\"prompt\": \"").append(i).append("\"}\n");
        }
        Path prompts = Files.writeString(directory.resolve("prompts.jsonl"), rows);
        Path log = directory.resolve("log");
        try (TeacherServer server = TeacherServer.start(SecretsTest::repeating)) {
            ProgramProcess program = ProgramProcess.startWithVariables(
                    log,
                    List.of("JUDGE_KEY=" + KEY, "PRECEPTOR_LOG_LEVEL=DEBUG"),
                    List.of(
                            "elicit",
                            "kind=demonstrations",
                            "data=" + prompts,
                            "output=" + directory.resolve("run"),
                            "teacher_url=" + server.url(),
                            "teacher_model=writer",
                            "teacher_retries=1",
                            "api_key_env=JUDGE_KEY",
                            "device=cpu"));
            assertThat(program.end()).as(program.output()).isZero();
            assertThat(program.output())
                    .contains("4 demonstrations of 7 answers", "calls without an answer: 2 malformed, 1 refused");
            assertThat(server.calls().get(0).headers()).containsEntry("authorization", "Bearer " + KEY);
        }
        assertThat(directory.resolve("run/demonstrations.jsonl")).content().contains("I was called with [key]");
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).hasSizeGreaterThan(5);
            for (Path file : all) {
                scan(file);
            }
        }
    }

    private static void scan(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (int from = 0; from + 8 <= KEY.length(); from++) {
            assertThat(text).as("%s", file).doesNotContain(KEY.substring(from, from + 8));
        }
    }

    private static CommandRun elicit(String url) {
        return CommandRun.of("elicit", "kind=demonstrations", "data=none", "teacher_url=" + url, "teacher_model=m");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://127.0.0.1:99999/v1 | port 99999",
                "http://127.0.0.1:0/v1     | port 0",
                "http://127.0.0.1:x/v1     | without a host that can be read",
                "http:///v1                | without a host that can be read",
                "http:/v1                  | without a host that can be read",
                "http://my_host/v1         | without a host that can be read",
                "http://[::1/v1            | Expected closing bracket",
                "http://::1/v1             | without a host that can be read",
                "ftp://host/v1             | without http:// or https:// before it",
                "127.0.0.1:80              | Illegal character in scheme name",
                "localhost:8000/v1         | without http:// or https:// before it",
                "http://host name/v1       | Illegal character in authority",
                "http://h/v1/chat/completions/ | with /chat/completions, which is added to it"
            })
    void anAddressThatIsNone_isRefused_withWhatIsLegal(String url, String problem) {
        CommandRun run = elicit(url);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("teacher_url: expected http:// or https://, a host, a port from 1 to 65535")
                .contains("found \"" + url + "\": " + problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://h/v1?api_key=hush-hush",
                "http://user:hush-hush@h/v1",
                "http://hush-hush@h:99999/v1",
                "http://h:x/v1?k=hush-hush",
                "http://h /v1?k=hush-hush",
                "http://h/v1#hush-hush"
            })
    void anAddressWithASecret_isRefused_untold(String url) {
        CommandRun run = elicit(url);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("teacher_url: ", "which is not repeated here", "api_key_env")
                .doesNotContain("hush");
        assertThat(run.out()).doesNotContain("hush");
    }

    @Test
    void aKeyInPlaceOfTheNameOfItsVariable_isNotTold() {
        CommandRun elicit = CommandRun.of(
                "elicit", "data=none", "teacher_url=http://h/v1", "teacher_model=m", "api_key_env=sk-hush-hush");
        CommandRun serve = CommandRun.of("serve", "model=none", "api_key_env=sk_hush_hush");
        for (CommandRun run : List.of(elicit, serve)) {
            assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(run.out() + run.err())
                    .contains("api_key_env: the environment variable of that name (not repeated")
                    .doesNotContain("hush");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "distill_teacher_url | policy distill_teacher=TEACHER distill_teacher_url=https://bob:hush@h/v1",
                "distill_teacher_url | policy learners=2 distill_teacher_url=https://bob:hush@h/v1",
                "rollout_url         | generate rollout_url=[https://h/?k=hush,https://h/?k=hush]",
                "rollout_url         | rank rollout_url=[https://bob:hush@h]",
                "rollout_api_key_env | generate rollout_api_key_env=sk-hush",
                "learner_api_key_env | sft learner_api_key_env=sk-hush",
                "api_key_env         | elicit teacher=TEACHER api_key_env=sk-hush",
                "api_key_env         | policy rule=brevity api_key_env=sk-hush",
                "api_key_env         | rank api_key_env=sk-hush"
            })
    void aSecretInAKeyThatDoesNotFit_isNotTold(String key, String words) {
        List<String> arguments = new ArrayList<>(Arrays.asList(words.split(" ")));
        arguments.replaceAll(word -> word.replace("TEACHER", "" + Golden.dir("tiny-teacher")));
        arguments.addAll(List.of("model=" + Golden.dir("tiny-chat"), "data=" + Golden.file("pairs.jsonl")));
        CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains(key + ": expected ").doesNotContain("hush");
        assertThat(run.out()).doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://[::1]:8000/v1", "https://h.example/", "http://h"})
    void anAddress_isTaken(String url) {
        assertThat(elicit(url).err()).doesNotContain("teacher_url: ");
    }
}
