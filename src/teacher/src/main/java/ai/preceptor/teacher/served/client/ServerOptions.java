package ai.preceptor.teacher.served.client;

import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.teacher.served.http.ApiKey;
import ai.preceptor.teacher.served.http.ServerAddress;
import java.net.URI;

/**
 * A server and how it is called.
 *
 * @param url where its {@code /chat/completions} lies, such as {@code http://127.0.0.1:8000/v1}
 * @param model the teacher's model name on the server
 * @param key signs the calls
 * @param limits of calls
 * @param backoff pauses after failures
 * @param prices what calls cost
 */
public record ServerOptions(URI url, String model, ApiKey key, CallLimits limits, Backoff backoff, Prices prices) {

    /** @throws ai.preceptor.data.ConfigurationException if the address is not one of a server, or has a secret in it */
    public ServerOptions {
        ServerAddress.check(url.toString(), key);
    }

    /** A server without key and prices, with the defaults of everything else. */
    public static ServerOptions of(String url, String model) {
        return new ServerOptions(
                ServerAddress.check(url, ApiKey.none()),
                model,
                ApiKey.none(),
                new DefaultSettings<>(CallLimits.class).make(),
                Backoff.STANDARD,
                Prices.FREE);
    }

    /** The teacher as reports call it. */
    public String label() {
        return model + "@" + url.getHost();
    }
}
