package ai.preceptor.teacher.served.http;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Problem;
import ai.preceptor.data.setting.ToldValue;
import ai.preceptor.teacher.chat.ChatReply;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Validates a server's address before any call, without repeating a possible secret in it. */
public final class ServerAddress {
    private static final int LAST_PORT = 65535;
    private static final String LEGAL = "expected http:// or https://, a host, a port from 1 to 65535 where it"
            + " is not the usual one, and a path, such as http://127.0.0.1:8000/v1; found ";

    private ServerAddress() {}

    /**
     * Reads it.
     *
     * @param written what the user wrote
     * @param key what it may not hold
     * @throws ConfigurationException if it is none of a server
     */
    public static URI check(String written, ApiKey key) {
        String text = written.strip();
        // before anything else: no other message may repeat it
        if (ToldValue.mayHoldSecret(text)) {
            throw wrong(
                    ToldValue.SECRET_ADDRESS + "; a key belongs in an environment variable, whose name is api_key_env");
        }
        if (!key.hide(text).equals(text)) {
            throw wrong("one with the key of api_key_env in it");
        }
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw wrong(ChatReply.excerpt(text) + ": " + e.getReason());
        }
        String problem = problem(url);
        if (problem != null) {
            throw wrong(ChatReply.excerpt(text) + ": " + problem);
        }
        return url;
    }

    private static @Nullable String problem(URI url) {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            return "without http:// or https:// before it";
        }
        if (url.getHost() == null) {
            return "without a host that can be read";
        }
        if (url.getPort() == 0 || url.getPort() > LAST_PORT) {
            return "port " + url.getPort();
        }
        return url.getPath().replaceAll("/+$", "").endsWith("/chat/completions")
                ? "with /chat/completions, which is added to it"
                : null;
    }

    private static ConfigurationException wrong(String found) {
        return new ConfigurationException(new Problem("teacher_url", LEGAL + found));
    }
}
