package ai.preceptor.teacher.served.client;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.teacher.served.http.ApiKey;
import ai.preceptor.teacher.served.http.ServerAddress;
import java.net.URI;

/**
 * A server, and how it is asked.
 *
 * @param url where its {@code /chat/completions} lies, such as {@code http://127.0.0.1:8000/v1}
 * @param model the teacher's model name on the server
 * @param key signs the calls
 * @param limits what the server may be burdened with
 * @param persistence how long and how often it is asked
 * @param prices what calls cost
 */
public record ServerOptions(URI url, String model, ApiKey key, Limits limits, Persistence persistence, Prices prices) {

    /** @throws ConfigurationException if the address is not one of a server, or has a secret in it */
    public ServerOptions {
        ServerAddress.check(url.toString(), key);
    }

    /** A server without key and prices, with the defaults of everything else: eight concurrent calls. */
    public static ServerOptions of(String url, String model) {
        return new ServerOptions(
                address(url), model, ApiKey.none(), Limits.atOnce(8), Persistence.standard(), Prices.FREE);
    }

    /**
     * An address as it is written.
     *
     * @throws ConfigurationException if it is none; what may be a secret in it is not repeated
     */
    public static URI address(String url) {
        return address(url, ApiKey.none());
    }

    /**
     * The same, refused also if it holds the key.
     *
     * @throws ConfigurationException if it is none, or holds the key; what may be a secret in it is not repeated
     */
    public static URI address(String url, ApiKey key) {
        return ServerAddress.check(url.strip(), key);
    }

    /** The teacher as reports call it. */
    String label() {
        return model + "@" + url.getHost();
    }
}
