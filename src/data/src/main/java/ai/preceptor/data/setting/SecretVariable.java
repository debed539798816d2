package ai.preceptor.data.setting;

import ai.preceptor.data.ConfigurationException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Secrets come from environment variables, so that they are in no file and in no list of processes. */
public final class SecretVariable {
    /** As variables are named; what looks otherwise may be the secret itself, in the wrong place. */
    private static final Pattern NAME = Pattern.compile("[A-Z_][A-Z0-9_]{0,63}");

    private SecretVariable() {}

    /** Whether a text is in capital letters, as names of variables are. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /**
     * A secret that an HTTP header can hold.
     *
     * @param variable the name of the variable
     * @param environment usually {@code System::getenv}
     * @param shortest least number of its characters
     * @throws ConfigurationException if the variable is not set or its value is no such secret. The message quotes no value,
     *     and a name only if it is in capital letters
     */
    public static String read(String variable, Function<String, @Nullable String> environment, int shortest) {
        String named = isName(variable)
                ? "the environment variable " + variable
                : "the environment variable of that name (not repeated: it is not in capital letters and may be the key"
                        + " itself)";
        String value = environment.apply(variable);
        if (value == null || value.isBlank()) {
            throw new ConfigurationException(named + " is not set, expected the key in it");
        }
        String secret = value.strip();
        if (!secret.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new ConfigurationException(named + " holds spaces or characters beyond ASCII, expected a key");
        }
        if (secret.length() < shortest) {
            throw new ConfigurationException(named + " holds " + secret.length() + " characters, expected a key of "
                    + shortest + " or more; leave it out for a server that asks for none");
        }
        return secret;
    }
}
