package ai.preceptor.teacher.served;

import ai.preceptor.data.ConfigurationException;
import io.vertx.core.http.RequestOptions;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A secret that signs calls and is never told: not in messages, not in {@link #toString}. */
public final class ApiKey {
    private static final ApiKey NONE = new ApiKey("", "");

    private final String variable;
    private final String secret;

    private ApiKey(String variable, String secret) {
        this.variable = variable;
        this.secret = secret;
    }

    /** For a server that asks for none. */
    public static ApiKey none() {
        return NONE;
    }

    /**
     * The value of an environment variable.
     *
     * @param variable its name
     * @param environment usually {@code System::getenv}
     * @throws ConfigurationException if it is not set, or holds what no header may hold; the message does not quote it
     */
    public static ApiKey fromEnvironment(String variable, Function<String, @Nullable String> environment) {
        String value = environment.apply(variable);
        if (value == null || value.isBlank()) {
            throw new ConfigurationException("api_key_env: the environment variable " + variable
                    + " is not set, expected the server's key in it");
        }
        String secret = value.strip();
        if (!secret.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new ConfigurationException("api_key_env: the environment variable " + variable
                    + " holds spaces or characters beyond ASCII, expected a key");
        }
        return new ApiKey(variable, secret);
    }

    void sign(RequestOptions request) {
        if (!secret.isEmpty()) {
            request.putHeader("authorization", "Bearer " + secret);
        }
    }

    /** The text without the secret, should a server repeat it. */
    String hide(String text) {
        return secret.isEmpty() ? text : text.replace(secret, "[key]");
    }

    @Override
    public String toString() {
        return secret.isEmpty() ? "no key" : "the key in " + variable;
    }
}
