package ai.preceptor.teacher.served.client;

import static ai.preceptor.testkit.ServedReply.completionBody;
import static ai.preceptor.testkit.ServedReply.error;
import static ai.preceptor.testkit.ServedReply.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.served.http.ApiKey;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that repeats the key tells nobody. */
@Timeout(60)
class KeyLeakTest {
    private static final String KEY = "sk-QzX0/7bW+kR5vN2mL9tY4";
    private static final int PREFIX = 8;

    @TempDir
    private Path directory;

    static Stream<ServedReply> repeating() {
        String escaped = KEY.replace("-", "\\u002d").replace("/", "\\/").replace("Q", "\\u0051");
        String encoded = Base64.getEncoder().encodeToString(("user:" + KEY).getBytes(StandardCharsets.UTF_8));
        return Stream.of(
                ServedReply.completion("your key is " + KEY + "."),
                ServedReply.completion("Score: 3 " + KEY.substring(0, 15) + "..."),
                json(200, Map.of(), completionBody("#", 1).replace("#", escaped)),
                ServedReply.completion(
                        "at https://x/?k=" + KEY.replace("/", "%2F").replace("+", "%2b")),
                ServedReply.completion("authorization: Basic " + encoded),
                json(200, Map.of(), completionBody("x", 1).replace("\"stop\"", "\"" + KEY + "\"")),
                json(200, Map.of(), completionBody(KEY, 2)),
                json(200, Map.of(), "<html>Bearer " + KEY + "</html>"),
                json(200, Map.of(), completionBody("#", 2).replace("#", escaped)),
                ServedReply.cut("x".repeat(100) + KEY.repeat(8)),
                error(400, "x".repeat(150) + KEY),
                error(500, "x".repeat(300) + KEY),
                json(500, Map.of(), "x".repeat(145) + KEY),
                error(400, "\u0007".repeat(300) + KEY),
                error(401, "wrong key " + KEY.substring(0, 12) + "****"));
    }

    @ParameterizedTest
    @MethodSource("repeating")
    void ask_aReplyWithTheKey_isKeptAndToldWithoutIt(ServedReply reply) throws IOException {
        ApiKey key = ApiKey.fromEnvironment("JUDGE_KEY", name -> KEY);
        String told;
        try (TeacherServer server = TeacherServer.start(call -> reply)) {
            ServerOptions of = Served.options(server);
            ServerOptions signed = new ServerOptions(
                    of.url(), of.model(), key, Served.limits(4, 3, 30_000), of.backoff(), new Prices(1, 1, 1.0));
            try (Served served = Served.open(signed, CallLedger.open(directory.resolve("calls.sqlite")))) {
                told = told(served.teacher());
                scan(told);
                files();
            }
            assertThat(server.calls().get(0).headers()).containsEntry("authorization", "Bearer " + KEY);
        }
        assertThat(files()).isPositive();
    }

    private static String told(ServedTeacher teacher) {
        try {
            return teacher.ask(List.of(Served.question("who are you?"))).toString();
        } catch (RuntimeException e) {
            StringWriter stack = new StringWriter();
            e.printStackTrace(new PrintWriter(stack));
            return stack.toString();
        }
    }

    private int files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            for (Path file : all) {
                scan(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
            return all.size();
        }
    }

    /** No stretch of the key that is as long as its shortest telling beginning, and none of its forms. */
    private static void scan(String text) {
        for (int from = 0; from + PREFIX <= KEY.length(); from++) {
            assertThat(text).doesNotContain(KEY.substring(from, from + PREFIX));
        }
        for (int from = 0; from < 3; from++) {
            String shifted = "\0".repeat(from) + KEY;
            String encoded = Base64.getEncoder().encodeToString(shifted.getBytes(StandardCharsets.US_ASCII));
            assertThat(text).doesNotContain(encoded.substring(4, 20));
        }
        assertThat(text).doesNotContain("u002d\\u0051", "%2F7bW", "\\/7bW");
    }

    @Test
    void key_thatIsShort_isRefusedUntold() {
        assertThatThrownBy(() -> ApiKey.fromEnvironment("JUDGE_KEY", name -> "EMPTY"))
                .hasMessage("api_key_env: the environment variable JUDGE_KEY holds 5 characters, expected a key of 8 or"
                        + " more; leave it out for a server that asks for none");
    }

    @Test
    void key_inPlaceOfTheNameOfItsVariable_isNotTold() {
        assertThatThrownBy(() -> ApiKey.fromEnvironment("sk_live_Abc", name -> null))
                .hasMessageContaining("is not set")
                .hasMessageNotContaining("Abc");
    }
}
