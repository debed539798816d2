package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, and how that is told. */
class RefusedRequestTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETE = "/v1/completions";
    private static final String HELLO = "\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]";

    private static ServedTiny tiny;

    @BeforeAll
    static void start() {
        tiny = ServedTiny.start(
                ServedTiny.options(ServedTiny.LIMITS, new RequestLimits(100, 60, 1, 20_000, 64)), engine -> engine);
    }

    @AfterAll
    static void stop() {
        tiny.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"temperature\": 3 | temperature | invalid_value | temperature: expected a number in [0, 2], found 3",
                "\"temperature\": \"hot\" | temperature | invalid_value | expected a number in [0, 2], found \"hot\"",
                "\"top_p\": 0 | top_p | invalid_value | expected a number in (0, 1], found 0",
                "\"max_tokens\": 0 | max_tokens | invalid_value | a whole number in [1, 2147483647], found 0",
                "\"max_tokens\": 1.5 | max_tokens | invalid_value | a whole number in [1, 2147483647], found 1.5",
                "\"max_tokens\": 512 | max_tokens | context_length_exceeded | the model's context of 512 leaves after"
                        + " the",
                "\"max_tokens\": 5, \"max_completion_tokens\": 6 | max_completion_tokens | invalid_value | or one of"
                        + " the two, found 6",
                "\"n\": 129 | n | invalid_value | expected a whole number in [1, 128], found 129",
                "\"n\": true | n | invalid_value | found true",
                "\"presence_penalty\": -2.1 | presence_penalty | invalid_value | in [-2, 2], found -2.1",
                "\"frequency_penalty\": [1] | frequency_penalty | invalid_value | in [-2, 2], found [1]",
                "\"repetition_penalty\": 0 | repetition_penalty | invalid_value | in (0, inf), found 0",
                "\"top_logprobs\": 3 | top_logprobs | invalid_value | expected logprobs to be true too",
                "\"logprobs\": true, \"top_logprobs\": 21 | top_logprobs | invalid_value | in [0, 20], found 21",
                "\"logprobs\": 1 | logprobs | invalid_value | expected true or false, found 1",
                "\"seed\": 1e30 | seed | invalid_value | expected a whole number of 64 bits",
                "\"stop\": [\"a\", \"\"] | stop | invalid_value | expected texts that are not empty, found \"\"",
                "\"stop\": 3 | stop | invalid_value | expected texts that are not empty, found 3",
                "\"logit_bias\": {\"512\": 1} | logit_bias | invalid_value | expected token ids in [0, 511], found"
                        + " \"512\"",
                "\"logit_bias\": {\"5\": 101} | logit_bias.5 | invalid_value | in [-100, 100], found 101",
                "\"logit_bias\": [] | logit_bias | invalid_value | expected an object of token ids",
                "\"allowed_token_ids\": [] | allowed_token_ids | invalid_value | expected at least one token id, found []",
                "\"allowed_token_ids\": [2], \"min_tokens\": 3 | allowed_token_ids | invalid_value | such that a token"
                        + " is left",
                "\"min_tokens\": 9, \"max_tokens\": 8 | min_tokens | invalid_value | expected at most max_tokens, 8,"
                        + " found 9",
                "\"stream_options\": {} | stream_options | invalid_value | expected stream to be true too",
                "\"stream\": true, \"stream_options\": {\"include_usage\": 1} | stream_options.include_usage |"
                        + " invalid_value | found 1",
                "\"stream\": \"yes\" | stream | invalid_value | expected true or false, found \"yes\"",
                "\"response_format\": {\"type\": \"json_object\"} | response_format | unsupported_parameter |"
                        + " {\"type\": \"text\"}",
                "\"functions\": [] | functions | unsupported_parameter | expected nothing",
                "\"tool_choice\": \"required\" | tool_choice | unsupported_parameter | \"auto\" or \"none\"",
                "\"reasoning_effort\": \"low\" | reasoning_effort | unsupported_parameter | found \"low\"",
                "\"echo\": true | echo | unsupported_parameter | expected false",
                "\"tempratur\": 1 | tempratur | unknown_parameter | unknown field; nearest is temperature",
                "\"tools\": 5 | tools | invalid_value | expected a list of tools, found 5"
            })
    void chat_badField_isNamedWithItsValueAndItsRange(String field, String name, String code, String message) {
        HttpResponse<String> response = tiny.post(CHAT, "{" + HELLO + ", " + field + "}");
        error(response, 400, name, code, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | messages | missing_required_parameter | expected a list of messages, found nothing",
                "{\"messages\": []} | messages | invalid_value | a list of at least one message, found []",
                "{\"messages\": [4]} | messages[0] | invalid_value | an object with role and content, found 4",
                "{\"messages\": [{\"content\": \"x\"}]} | messages[0].role | invalid_value | a role such as user",
                "{\"messages\": [{\"role\": \"user\"}]} | messages[0].content | invalid_value | text or a list of"
                        + " parts",
                "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]} |"
                        + " messages[0].content[0] | invalid_value | a part of type \"text\"",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"\\ud83e\"}]} | messages | invalid_value | half of"
                        + " a surrogate pair",
                "{\"messages\": | | invalid_body | expected JSON, found at line 1",
                "{\"n\": 1, \"n\": 2} | | invalid_body | Duplicate",
                "{\"n\": 1} {} | | invalid_body | expected JSON",
                "[] | | invalid_body | expected a JSON object",
                "`` | | invalid_body | expected a JSON object"
            })
    void chat_badBody_isRefused(String body, String name, String code, String message) {
        error(tiny.post(CHAT, body), 400, name, code, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | prompt | missing_required_parameter | expected text, token ids, or a list of either",
                "{\"prompt\": []} | prompt | invalid_value | not empty, found []",
                "{\"prompt\": [1, 512]} | prompt | invalid_value | a whole number in [0, 511], found 512",
                "{\"prompt\": [\"a\", 1]} | prompt[1] | invalid_value | text or token ids, found 1",
                "{\"prompt\": \"\"} | prompt | invalid_value | expected at least 1 token, found none",
                "{\"prompt\": [\"a\", \"b\"], \"n\": 65} | n | invalid_value | expected at most 128 answers in all",
                "{\"prompt\": \"a\", \"best_of\": 3} | best_of | unsupported_parameter | expected n, 1",
                "{\"prompt\": \"a\", \"suffix\": \"b\"} | suffix | unsupported_parameter | found \"b\"",
                "{\"prompt\": \"a\", \"echo\": true} | echo | unsupported_parameter | expected false",
                "{\"prompt\": \"a\", \"logprobs\": 21} | logprobs | invalid_value | in [0, 20], found 21"
            })
    void completion_badBody_isRefused(String body, String name, String code, String message) {
        error(tiny.post(COMPLETE, body), 400, name, code, message);
    }

    @Test
    void promptBeyondTheContext_isRefusedWithBothLengths() {
        String long_ = "{\"prompt\": \"" + "word ".repeat(600) + "\"}";
        error(
                tiny.post(COMPLETE, long_),
                400,
                "prompt",
                "context_length_exceeded",
                "prompt: expected at most 511 tokens, one less than the model's context, found ");
    }

    @Test
    void meaninglessFields_andThoseThatAskForWhatIsDoneAnyway_areTaken() {
        String body = "{\"model\": \"tiny\", " + HELLO + ", \"max_tokens\": 2, \"user\": \"me\", \"metadata\": {},"
                + " \"store\": true, \"service_tier\": \"auto\", \"response_format\": {\"type\": \"text\"},"
                + " \"tool_choice\": \"none\", \"tools\": [], \"logit_bias\": null, \"stop\": null, \"top_k\": -1}";
        assertThat(tiny.ask(CHAT, body).path("choices")).hasSize(1);
    }

    @Test
    void otherModelPathOrMethod_isNotFound() {
        error(
                tiny.post(CHAT, "{\"model\": \"gpt-4\", " + HELLO + "}"),
                404,
                "model",
                "model_not_found",
                "model: expected \"tiny\", found \"gpt-4\"");
        error(tiny.get("/v1/models/gpt-4"), 404, "model", "model_not_found", "found \"gpt-4\"");
        error(tiny.get("/v1/embeddings"), 404, null, "not_found", "found /v1/embeddings");
        HttpResponse<String> wrong = tiny.get(CHAT);
        error(wrong, 405, null, "method_not_allowed", "method: expected POST, found GET");
        assertThat(wrong.headers().firstValue("allow")).contains("POST");
        error(tiny.post("/v1/models", "{}"), 405, null, "method_not_allowed", "expected GET, found POST");
    }

    @Test
    void otherMediaTypeOrTooMuch_isRefused() {
        HttpRequest text = HttpRequest.newBuilder(tiny.uri(CHAT))
                .header("content-type", "text/plain")
                .POST(BodyPublishers.ofString("{" + HELLO + "}"))
                .build();
        error(
                tiny.send(text),
                415,
                null,
                "unsupported_media_type",
                "content-type: expected application/json, found \"text/plain\"");
        error(
                tiny.post(CHAT, "{\"messages\": \"" + "x".repeat(20_000) + "\"}"),
                413,
                null,
                "body_too_large",
                "body: expected at most 20000 bytes, found more");
    }

    /** A web page that has its own name point to this machine must not get at the model. */
    @Test
    void foreignHostName_isRefusedWhereNoKeyIsAsked() throws IOException {
        assertThat(raw("GET /v1/models HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("foreign_host", "found \\\"evil.example\\\"");
        assertThat(raw("GET /v1/models HTTP/1.1\r\nhost: localhost:1\r\nconnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    private static String raw(String request) throws IOException {
        URI uri = tiny.uri("/");
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            in.transferTo(answer);
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void key_wrongOrNone_isRefused_andIsToldNowhere() {
        assertThat(locked().toString()).doesNotContain("s3cret");
        try (ServedTiny other = ServedTiny.start(locked())) {
            String body = "{" + HELLO + ", \"max_tokens\": 1}";
            HttpResponse<String> without = other.post(CHAT, body);
            error(without, 401, null, "invalid_api_key", "expected \"Bearer KEY\"");
            assertThat(without.headers().firstValue("www-authenticate")).contains("Bearer");
            HttpResponse<String> wrong = other.send(other.request(CHAT, body)
                    .header("authorization", "Bearer s3cret-kez")
                    .build());
            error(wrong, 401, null, "invalid_api_key", "found another one or none");
            assertThat(wrong.body()).doesNotContain("s3cret");
            assertThat(other.get("/metrics").statusCode()).isEqualTo(401);
            assertThat(other.get("/health").statusCode()).isEqualTo(200);
            assertThat(other.send(other.request(CHAT, body)
                                    .header("authorization", "bearer s3cret-key")
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static ServeOptions locked() {
        ServeOptions open = ServedTiny.options();
        ServerKey key = ServerKey.fromEnvironment("K", name -> "s3cret-key");
        return new ServeOptions(open.host(), 0, key, open.modelName(), open.limits(), open.requests());
    }

    /** The path that needs no key must not be found in a target that the router takes for another one. */
    @Test
    void key_pathThatLooksLikeHealth_isAskedAllTheSame() throws IOException {
        List<String> ways = List.of(
                "/health/..",
                "/health/%2e%2e",
                "/health/%2E.",
                "/health/./..",
                "/health//../..",
                "//health/..",
                "/health\\..",
                "/health%5c..",
                "/health%2f..",
                "/health;",
                "/health/../..",
                "/health#/..",
                "/health#/%2e%2e",
                "/health#",
                "/health%23/..");
        Map<String, String> methods = Map.of(CHAT, "POST", COMPLETE, "POST", "/v1/models", "GET", "/metrics", "GET");
        String body = "{" + HELLO + ", \"prompt\": \"a\", \"max_tokens\": 1}";
        try (ServedTiny other = ServedTiny.start(locked())) {
            for (Map.Entry<String, String> asked : methods.entrySet()) {
                for (String way : ways) {
                    for (String server : new String[] {"", "http://h", "HTTP://h:1"}) {
                        String line = asked.getValue() + " " + server + way + asked.getKey();
                        assertThat(exchanged(other, line, "", body))
                                .as(line)
                                .startsWith("HTTP/1.1 " + (way.contains("#") ? "400" : "401"))
                                .contains(way.contains("#") ? "path: expected one without #" : "invalid_api_key");
                    }
                }
            }
            String key = "authorization: Bearer s3cret-key\r\n";
            assertThat(exchanged(other, "GET http://h/health/%2e%2e/v1/models", key, ""))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"object\":\"list\"");
            assertThat(exchanged(other, "GET /v1/../health?#", "", "")).startsWith("HTTP/1.1 400");
            assertThat(exchanged(other, "GET /v1/../health?/../metrics", "", ""))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"status\":\"ok\"");
        }
    }

    private static String exchanged(ServedTiny server, String line, String headers, String body) throws IOException {
        try (RawClient client = new RawClient(server)) {
            return client.send(line + " HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\nconnection: close\r\n"
                            + headers + "content-length: " + body.length() + "\r\n\r\n" + body)
                    .untilClosed();
        }
    }

    private static void error(HttpResponse<String> response, int status, String name, String code, String message) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        JsonNode error = ServedTiny.parse(response.body()).path("error");
        assertThat(error.path("code").asText()).as(response.body()).isEqualTo(code);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("message").asText()).contains(message);
        if (name == null) {
            assertThat(error.has("param") && error.path("param").isNull()).isTrue();
        } else {
            assertThat(error.path("param").asText()).isEqualTo(name);
        }
    }
}
