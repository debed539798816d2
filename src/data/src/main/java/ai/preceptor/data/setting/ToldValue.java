package ai.preceptor.data.setting;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What messages repeat of a value. Two kinds may hold a secret, although it does not belong there: an address, and the name
 * of a secret's variable, in whose place the secret itself may be.
 */
public final class ToldValue {
    /** Said in place of an address for which {@link #mayHoldSecret} is true. */
    public static final String SECRET_ADDRESS =
            "one with a user, a password, a query or a fragment, which is not repeated here";

    private static final String SECRET_VARIABLE =
            "a name that is not repeated here: it is not in capital letters and may be the key itself";

    private ToldValue() {}

    /** A key's value as {@link KeyName#shown} has it, without what may be a secret. */
    public static String of(String key, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(one -> of(key, one)).collect(Collectors.joining(", ", "[", "]"));
        }
        String shown = KeyName.shown(value);
        if (value != null && key.endsWith("_url") && mayHoldSecret(shown)) {
            return SECRET_ADDRESS;
        }
        return value != null && key.endsWith("_env") && !SecretVariable.isName(shown) ? SECRET_VARIABLE : shown;
    }

    /** Whether an address, or what is meant as one, has a part in which a secret may be. */
    public static boolean mayHoldSecret(String address) {
        return address.chars().anyMatch(c -> c == '@' || c == '?' || c == '#');
    }
}
