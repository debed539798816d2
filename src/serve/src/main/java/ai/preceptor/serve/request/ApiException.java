package ai.preceptor.serve.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The error of a request in OpenAI's form: a status and {@code {"error": {...}}}. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String REQUEST = "invalid_request_error";
    private static final String SERVER = "server_error";
    private static final String SHUTTING_DOWN = "shutting_down";
    private static final int EXCERPT = 120;
    /** Characters of a message, which may quote what a client sent. */
    private static final int LONGEST = 2000;

    private final int status;
    private final String type;
    private final String code;
    private final @Nullable String field;

    private ApiException(int status, String type, String code, @Nullable String field, String message) {
        super(cut(message, LONGEST));
        this.status = status;
        this.type = type;
        this.code = code;
        this.field = field;
    }

    private static ApiException of(String code, String field, String message) {
        return new ApiException(400, REQUEST, code, field, field + ": " + message);
    }

    /** A value that is not what it must be. */
    static ApiException value(String field, String expected, JsonNode found) {
        return field(field, "expected " + expected + ", found " + cut(found.toString(), EXCERPT));
    }

    /** A field with something wrong that is no single value's fault. */
    public static ApiException field(String field, String message) {
        return of("invalid_value", field, message);
    }

    /** What would change the answer and cannot be had here. */
    static ApiException unsupported(String field, String message) {
        return of("unsupported_parameter", field, message);
    }

    /** An unknown field. */
    static ApiException unknown(String field, String nearest) {
        return of("unknown_parameter", field, "unknown field" + nearest + ", found a value for it");
    }

    /** A field that must be there. */
    static ApiException missing(String field, String expected) {
        return of("missing_required_parameter", field, "expected " + expected + ", found nothing");
    }

    /** More tokens than the model reads. */
    public static ApiException tooLong(String field, String message) {
        return of("context_length_exceeded", field, message);
    }

    /** A body that is no JSON object. */
    public static ApiException body(String message) {
        return new ApiException(400, REQUEST, "invalid_body", null, "body: " + message);
    }

    public static ApiException noModel(String name, String served) {
        return new ApiException(
                404, REQUEST, "model_not_found", "model", "model: expected \"" + served + "\", found \"" + name + "\"");
    }

    /** Something about the request as a whole. */
    public static ApiException request(int status, String code, String message) {
        return new ApiException(status, REQUEST, code, null, message);
    }

    public static ApiException queueFull(String message) {
        return new ApiException(429, "rate_limit_error", "queue_full", null, message);
    }

    public static ApiException bodiesFull(String message) {
        return new ApiException(429, "rate_limit_error", "bodies_full", null, message + "; try again later");
    }

    public static ApiException shuttingDown() {
        return unavailable(SHUTTING_DOWN, "the server is shutting down");
    }

    public static ApiException deadline(Duration timeout) {
        return unavailable(
                "deadline_exceeded",
                "the answer took longer than the server's timeout of " + timeout.toMillis() / 1000.0 + " s");
    }

    public static ApiException unavailable(String code, String message) {
        return new ApiException(503, SERVER, code, null, message);
    }

    /** The model computes what is no number. */
    public static ApiException notFinite() {
        return internal(
                "model_not_finite",
                "the model's probabilities are not finite; the server's log names the weights that are not");
    }

    /** Computing an answer threw. */
    public static ApiException failed() {
        return internal(
                "generation_failed",
                "computing the answer failed; the server's log says why, and other requests are answered");
    }

    /** A failure here, whose cause is in the log only. */
    public static ApiException internal(String code, String message) {
        return new ApiException(500, SERVER, code, null, message);
    }

    /** Whether it says that the server stops. */
    public boolean isShutdown() {
        return code.equals(SHUTTING_DOWN);
    }

    /** HTTP's status. */
    public int status() {
        return status;
    }

    /** {@code {"error": {"message", "type", "param", "code"}}}. */
    public ObjectNode toJson() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putObject("error")
                .put("message", getMessage())
                .put("type", type)
                .put("param", field)
                .put("code", code);
        return root;
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "...";
    }
}
