package ai.preceptor.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** What a {@link TeacherServer} does with a call. */
@FunctionalInterface
public interface ServedReply {

    /** Writes to the connection; may cut it. */
    void to(Socket connection) throws IOException, InterruptedException;

    /** A chat completion of one choice. */
    static ServedReply completion(String text) {
        return json(200, Map.of(), completionBody(text, 1));
    }

    /** The body of a chat completion of so many equal choices; 100 tokens read, 10 written. */
    static String completionBody(String text, int choices) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        var list = root.putArray("choices");
        for (int i = 0; i < choices; i++) {
            ObjectNode choice = list.addObject();
            choice.put("index", i).put("finish_reason", "stop");
            choice.putObject("message").put("role", "assistant").put("content", text);
        }
        root.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 10);
        return root.toString();
    }

    /** An error in OpenAI's form. */
    static ServedReply error(int status, String message) {
        return error(status, Map.of(), message);
    }

    /** An error in OpenAI's form, with headers. */
    static ServedReply error(int status, Map<String, String> headers, String message) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.putObject("error").put("message", message);
        return json(status, headers, root.toString());
    }

    /** Any body. */
    static ServedReply json(int status, Map<String, String> headers, String body) {
        return connection -> {
            OutputStream out = connection.getOutputStream();
            out.write(head(status, headers, body));
            out.write(body.getBytes(StandardCharsets.UTF_8));
            out.flush();
        };
    }

    /** A completion whose body comes in pieces of a byte, each after a pause. */
    static ServedReply slow(String text, Duration pause) {
        return connection -> {
            String body = completionBody(text, 1);
            OutputStream out = connection.getOutputStream();
            out.write(head(200, Map.of(), body));
            for (byte piece : body.getBytes(StandardCharsets.UTF_8)) {
                out.write(piece);
                out.flush();
                Thread.sleep(pause.toMillis());
            }
        };
    }

    /** The same after a while. */
    static ServedReply late(Duration pause, ServedReply reply) {
        return connection -> {
            Thread.sleep(pause.toMillis());
            reply.to(connection);
        };
    }

    /** The connection is reset, as after a crash. */
    static ServedReply reset() {
        return connection -> {
            connection.setSoLinger(true, 0);
            connection.close();
        };
    }

    /** The connection is closed in the middle of the body. */
    static ServedReply cut(String text) {
        return connection -> {
            String body = completionBody(text, 1);
            OutputStream out = connection.getOutputStream();
            out.write(head(200, Map.of(), body));
            out.write(body.substring(0, body.length() / 2).getBytes(StandardCharsets.UTF_8));
            out.flush();
            connection.close();
        };
    }

    private static byte[] head(int status, Map<String, String> headers, String body) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " x\r\ncontent-type: application/json\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("content-length: ")
                .append(body.getBytes(StandardCharsets.UTF_8).length)
                .append("\r\n\r\n");
        return head.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
