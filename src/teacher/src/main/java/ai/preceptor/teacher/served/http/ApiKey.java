package ai.preceptor.teacher.served.http;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Problem;
import ai.preceptor.data.setting.SecretVariable;
import io.vertx.core.http.RequestOptions;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A secret that authorizes calls and is never revealed: not in messages, not in {@link #toString}, and not where a
 * server repeats it,
 * since everything that comes from a server passes {@link #hide} before it is truncated, stored or reported.
 */
public final class ApiKey {
    private static final ApiKey NONE = new ApiKey("", "");

    private final String variable;
    private final String secret;
    private final @Nullable KeyMask mask;

    private ApiKey(String variable, String secret) {
        this.variable = variable;
        this.secret = secret;
        this.mask = secret.isEmpty() ? null : new KeyMask(secret);
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
     * @throws ConfigurationException if it is not set, holds what no header may hold, or is so short (under 8 characters)
     *     that it could not be distinguished from ordinary text; the message does not quote it
     */
    public static ApiKey fromEnvironment(String variable, Function<String, @Nullable String> environment) {
        try {
            return new ApiKey(variable, SecretVariable.read(variable, environment, KeyMask.SHORTEST));
        } catch (ConfigurationException e) {
            throw new ConfigurationException(new Problem("api_key_env", e.withoutKey()), e);
        }
    }

    void sign(RequestOptions request) {
        if (!secret.isEmpty()) {
            request.putHeader("authorization", "Bearer " + secret);
        }
    }

    /**
     * Signs a call of a client other than {@link CallEndpoint}; does nothing without a key.
     *
     * @param header name of the header that holds the key alone
     * @param request takes the header's name and value, and keeps them to itself
     */
    public void sign(String header, BiConsumer<String, String> request) {
        if (!secret.isEmpty()) {
            request.accept(header, secret);
        }
    }

    /** The text without the secret, should a server repeat it. To be asked before a text is cut. */
    public String hide(String text) {
        return mask == null ? text : mask.hide(text);
    }

    @Override
    public String toString() {
        return secret.isEmpty() ? "no key" : "the key in " + variable;
    }
}
