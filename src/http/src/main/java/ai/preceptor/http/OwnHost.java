package ai.preceptor.http;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names under which a server on loopback is asked. A web page that has its own name point to this machine is kept out by the
 * name that the browser still sends in the header Host (DNS rebinding). Any port will do: it may be forwarded from another machine.
 */
public final class OwnHost {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final String listening;

    /** @param listening name or address where the server listens, which is its own too */
    public OwnHost(String listening) {
        boolean bare = listening.contains(":") && !listening.startsWith("[");
        this.listening = (bare ? "[" + listening + "]" : listening).toLowerCase(Locale.ROOT);
    }

    /**
     * Whether a header Host names this machine.
     *
     * @param authority a name or an address, perhaps with a port; null for none, which does not
     */
    public boolean isNamedBy(@Nullable String authority) {
        return authority != null && isName(authority.replaceFirst(":[0-9]{1,5}$", ""));
    }

    /** Whether a name or an address, without a port, is this machine's; an IPv6 address has brackets. */
    public boolean isName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(lower) || lower.equals(listening);
    }
}
