package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.generate.GenerationLimits;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whatever bytes come, they are answered, refused or cut off, nothing is logged as an error, and nothing is left behind. */
class WireFuzzTest {
    private static final long SEED = 20_261_129;
    private static final int BODIES = 400;
    private static final int STREAMS = 240;
    private static final int SILENCE_MILLIS = 40;
    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETE = "/v1/completions";
    /** A first line of a version that is spoken. */
    private static final Pattern KNOWN = Pattern.compile("[^\r\n]* HTTP/1\\.[01]\r?\n");

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-0",
            "1e999999999",
            "-1e-999999999",
            "9".repeat(400),
            "9".repeat(1200),
            "0." + "3".repeat(900),
            "NaN",
            "Infinity",
            "0x10",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\u0000\"",
            "\"\\q\"",
            "'single'",
            "[".repeat(63) + "]".repeat(63),
            "[".repeat(500),
            "{\"a\":".repeat(80) + "1" + "}".repeat(80),
            "[[[]]]",
            "{\"\": {}}",
            "\"" + "long ".repeat(4000) + "\"",
            "[1, [2], \"3\", {}]",
            "{\"role\": 1}",
            "[{\"role\": \"user\", \"content\": [[]]}]",
            "[{\"role\": \"\\ud83e\", \"content\": \"x\", \"tool_calls\": {}}]");

    private static final List<String> NAMES = List.of(
            "model",
            "messages",
            "prompt",
            "n",
            "seed",
            "stop",
            "stream",
            "stream_options",
            "max_tokens",
            "logprobs",
            "tools",
            "chat_template_kwargs",
            "user",
            "\\u0000",
            "x".repeat(3000));

    private static final List<String> LINES = List.of(
            ": nameless",
            "bad name: x",
            "x: " + "y".repeat(9000),
            "nul\u0000name: x",
            "x: nul\u0000value",
            "content-length: -1",
            "content-length: +5",
            "content-length: 0x5",
            "content-length: 99999999999999999999",
            "content-length: 3, 3",
            "content-length: 70000",
            "transfer-encoding: chunked",
            "transfer-encoding: chunked, gzip",
            "transfer-encoding: gzip",
            "content-encoding: gzip",
            "host: evil.example",
            "host:",
            " folded",
            "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: eA==",
            "connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk",
            "expect: 100-continue",
            "expect: nothing",
            "content-type: multipart/form-data; boundary=x",
            "authorization: Bearer \u00e9",
            "noColonAtAll");

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Random random = new Random(SEED);
    private ServedTiny tiny;
    private long tensors;

    @BeforeEach
    void start() {
        tiny = ServedTiny.start(
                ServedTiny.options(new GenerationLimits(64, 64 << 20, 512), new RequestLimits(64, 120, 1, 1 << 16, 4)));
        requireServing();
        tensors = liveTensors();
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void stop() {
        root.detachAppender(log);
        tiny.close();
    }

    private long liveTensors() {
        return tiny.student.model().parameters().torch().liveTensors();
    }

    private void requireServing() {
        for (String path : List.of(CHAT, COMPLETE)) {
            assertThat(tiny.ask(path, body(path.equals(CHAT))).path("choices")).hasSize(1);
        }
    }

    private static String body(boolean chat) {
        return chat
                ? "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"max_tokens\": 3, \"seed\": 1}"
                : "{\"prompt\": \"To be\", \"max_tokens\": 3, \"seed\": 1}";
    }

    /** Afterwards everything is as it was before. */
    private void requireNothingLeft() {
        for (String meter : List.of(
                "serve_requests_running",
                "serve_bodies_open",
                "serve_bodies_bytes",
                "serve_samples_running",
                "serve_samples_waiting",
                "serve_cache_blocks_reserved")) {
            ServedTiny.until(() -> tiny.meter(meter) == 0);
        }
        requireServing();
        assertThat(tiny.get("/health").body()).contains("ok");
        ServedTiny.until(() -> liveTensors() <= tensors);
        assertThat(log.list.stream()
                        .filter(event ->
                                event.getLevel().isGreaterOrEqual(Level.WARN) || event.getThrowableProxy() != null)
                        .map(event -> event + " " + event.getThrowableProxy()))
                .isEmpty();
    }

    @Test
    void mutatedBodies_areAnsweredOrRefused_andLeaveNothing() throws IOException {
        int answered = 0;
        for (int i = 0; i < BODIES; i++) {
            boolean chat = random.nextBoolean();
            byte[] body = mutated(body(chat));
            String version = random.nextInt(8) == 0 ? "HTTP/1.0" : "HTTP/1.1";
            String head = RawClient.head(chat ? CHAT : COMPLETE, version, "connection: close\r\n", body.length);
            String reply;
            try (RawClient client = new RawClient(tiny)) {
                reply = client.send(head).send(body).untilClosed();
            }
            Matcher status = STATUS.matcher(reply);
            String asked = "seed " + SEED + ", body " + i + ": " + new String(body, StandardCharsets.UTF_8) + reply;
            assertThat(status.lookingAt()).as(asked).isTrue();
            assertThat(status.group(1)).as(asked).containsPattern("200|4..");
            assertThat(reply).as(asked).doesNotContain("Exception", "\tat ");
            answered += status.group(1).equals("200") ? 1 : 0;
        }
        assertThat(answered).isBetween(BODIES / 20, BODIES / 2);
        requireNothingLeft();
    }

    private byte[] mutated(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> {
                bytes[at] = (byte) random.nextInt(256);
                yield bytes;
            }
            case 2 ->
                inserted(
                        bytes,
                        at,
                        any(List.of("\u0000", "\ufeff", "/* */", "\\", "\"", ",", "]", "\u2028", "\ud83e\udd99"))
                                .getBytes(StandardCharsets.UTF_8));
            case 3 -> inserted(bytes, at, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80});
            case 4 -> inserted(bytes, at, new byte[] {(byte) 0xC0, (byte) 0xAF, (byte) 0xFF});
            case 5 ->
                inserted(
                        bytes,
                        bytes.length,
                        any(List.of("}", "{}", " \n", "\u0000", "1")).getBytes(StandardCharsets.UTF_8));
            default -> {
                String field = "{\"" + any(NAMES) + "\": " + any(VALUES) + ", ";
                String again = random.nextInt(4) == 0 ? "\"n\": 1, \"n\": 2, " : "";
                String stream = random.nextInt(3) == 0 ? "\"stream\": true, " : "";
                yield (field + again + stream + body.substring(1)).getBytes(StandardCharsets.UTF_8);
            }
        };
    }

    private static byte[] inserted(byte[] bytes, int at, byte[] more) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(bytes, 0, at);
        all.writeBytes(more);
        all.write(bytes, at, bytes.length - at);
        return all.toByteArray();
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    @Test
    void mutatedStreamsOfBytes_areNeverADefect_andLeaveNothing() throws IOException {
        int told = 0;
        for (int i = 0; i < STREAMS; i++) {
            byte[] bytes = mutatedRequest();
            String reply;
            try (RawClient client = new RawClient(tiny)) {
                reply = client.send(bytes).untilSilent(SILENCE_MILLIS);
            }
            String asked = "seed " + SEED + ", stream " + i + ": " + new String(bytes, StandardCharsets.ISO_8859_1);
            Matcher status = STATUS.matcher(reply);
            while (status.find()) {
                assertThat(status.group(1))
                        .as(asked + "\n" + reply)
                        .matches(
                                KNOWN.matcher(asked.substring(asked.indexOf(": ") + 2))
                                                .lookingAt()
                                        ? "100|200|4.."
                                        : "200|4..|501"); // 501: a version that is not spoken
                told++;
            }
            assertThat(reply).as(asked).doesNotContain("\tat ");
        }
        assertThat(told).as("replies").isPositive();
        requireNothingLeft();
    }

    private byte[] mutatedRequest() {
        String version =
                any(List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.", "http/1.1"));
        String whole = RawClient.post(any(List.of(CHAT, COMPLETE)), version, "", body(random.nextBoolean()));
        byte[] bytes = whole.getBytes(StandardCharsets.ISO_8859_1);
        int head = whole.indexOf("\r\n\r\n");
        int at = random.nextInt(head);
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> {
                bytes[at] = (byte) random.nextInt(256);
                yield bytes;
            }
            case 2 -> inserted(bytes, at, noise());
            case 3 -> whole.replace("\r\n", any(List.of("\n", "\r", "\n\r"))).getBytes(StandardCharsets.ISO_8859_1);
            case 4 ->
                (whole + whole.substring(0, random.nextInt(whole.length()))).getBytes(StandardCharsets.ISO_8859_1);
            case 5 -> chunked(whole.substring(0, head)).getBytes(StandardCharsets.ISO_8859_1);
            default ->
                inserted(bytes, whole.indexOf("\r\n") + 2, (any(LINES) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        };
    }

    private byte[] noise() {
        byte[] noise = new byte[1 + random.nextInt(200)];
        random.nextBytes(noise);
        return noise;
    }

    private String chunked(String head) {
        String chunks = any(List.of(
                "2\r\n{}\r\n0\r\n\r\n",
                "zz\r\n{}\r\n",
                "ffffffffffffffff\r\n{}",
                "-1\r\n{}\r\n",
                "2;" + "x".repeat(9000) + "\r\n{}\r\n0\r\n\r\n",
                "2\r\n{}0\r\n\r\n",
                "1\r\n{\r\n",
                "0\r\nhost: evil.example\r\n\r\n",
                "11000\r\n" + "x".repeat(0x11000) + "\r\n0\r\n\r\n"));
        return head.replaceFirst("content-length: \\d+", "transfer-encoding: chunked") + "\r\n\r\n" + chunks;
    }
}
