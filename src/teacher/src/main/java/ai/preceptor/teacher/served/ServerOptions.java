package ai.preceptor.teacher.served;

import ai.preceptor.data.ConfigurationException;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * A server, and how it is asked.
 *
 * @param url where its {@code /chat/completions} lies, such as {@code http://127.0.0.1:8000/v1}
 * @param model the name under which the server knows the teacher
 * @param key signs the calls
 * @param limits what the server may be burdened with
 * @param persistence how long and how often it is asked
 * @param prices what calls cost
 */
public record ServerOptions(URI url, String model, ApiKey key, Limits limits, Persistence persistence, Prices prices) {

    /** @throws ConfigurationException if the address is not one of a server, or has a user or password in it */
    public ServerOptions {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null || url.getRawUserInfo() != null || url.getRawQuery() != null) {
            throw new ConfigurationException("teacher_url: expected http:// or https:// with a host and without user,"
                    + " password and query, such as http://127.0.0.1:8000/v1, found one that "
                    + (url.getRawUserInfo() == null ? "reads " + url : "has a user in it"));
        }
    }

    /** A server that asks for no key and no money, with the defaults of everything else: eight calls at once. */
    public static ServerOptions of(String url, String model) {
        return new ServerOptions(
                address(url), model, ApiKey.none(), Limits.atOnce(8), Persistence.standard(), Prices.FREE);
    }

    /**
     * An address as it is written.
     *
     * @throws ConfigurationException if it is none
     */
    public static URI address(String url) {
        try {
            return new URI(url.strip());
        } catch (URISyntaxException e) {
            throw new ConfigurationException("teacher_url: expected an address, " + e.getReason(), e);
        }
    }

    /** The teacher as reports call it. */
    String label() {
        return model + "@" + url.getHost();
    }
}
