package ai.preceptor.serve;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.SecretVariable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The key that clients must send, if any; it is never revealed: not in messages, not in {@link #toString}. */
public final class ServerKey {
    /** The default environment variable. */
    public static final String VARIABLE = "PRECEPTOR_API_KEY";

    private static final String SCHEME = "Bearer ";

    private final byte @Nullable [] secret;

    private ServerKey(byte @Nullable [] secret) {
        this.secret = secret;
    }

    /** Nobody needs one. */
    public static ServerKey none() {
        return new ServerKey(null);
    }

    /**
     * The value of an environment variable.
     *
     * @param variable its name, which must then be set; or null for {@link #VARIABLE}, which need not
     * @param environment usually {@code System::getenv}
     * @throws ConfigurationException if it is not set, or holds what no header may hold; the message does not quote it
     */
    public static ServerKey fromEnvironment(@Nullable String variable, UnaryOperator<@Nullable String> environment) {
        if (variable == null) {
            String value = environment.apply(VARIABLE);
            if (value == null || value.isBlank()) {
                return none();
            }
        }
        String name = variable == null ? VARIABLE : variable;
        return new ServerKey(SecretVariable.read(name, environment, 1).getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether callers need one. */
    public boolean isAsked() {
        return secret != null;
    }

    /** Whether a header {@code authorization} shows it; takes as long for a wrong one as for a nearly right one. */
    boolean admits(@Nullable String authorization) {
        if (secret == null) {
            return true;
        }
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] shown = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(shown, secret);
    }

    @Override
    public String toString() {
        return isAsked() ? "a key" : "no key";
    }
}
