package ai.preceptor.hub;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.ToldValue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where cache and server are, and who asks.
 *
 * @param cache directory with {@code models--org--name} and {@code datasets--org--name}
 * @param endpoint the server, without a slash at the end
 * @param token sent to the server only; null for none
 * @param offline whether nothing is asked of the server
 * @param symlinks whether snapshots hold links to blobs; else copies
 * @param retries of requests
 */
public record HubSettings(
        Path cache, URI endpoint, @Nullable HubToken token, boolean offline, boolean symlinks, Retries retries) {
    private static final String HUB = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    /** Those of this process's environment, as huggingface_hub reads it. */
    public static HubSettings system() {
        return of(System.getenv(), Path.of(System.getProperty("user.home", ".")));
    }

    /**
     * Those of an environment: {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME}, {@code HF_ENDPOINT}, {@code
     * HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HUB_OFFLINE}, {@code HF_HUB_DISABLE_SYMLINKS}.
     *
     * @throws ConfigurationException naming a variable that cannot be used
     */
    public static HubSettings of(Map<String, String> environment, Path home) {
        Path caches = path(environment, "XDG_CACHE_HOME", home, home.resolve(".cache"));
        Path huggingFace = path(environment, "HF_HOME", home, caches.resolve("huggingface"));
        Path older = path(environment, "HUGGINGFACE_HUB_CACHE", home, huggingFace.resolve("hub"));
        return new HubSettings(
                path(environment, "HF_HUB_CACHE", home, older).toAbsolutePath().normalize(),
                endpoint(text(environment, "HF_ENDPOINT", HUB)),
                token(environment, path(environment, "HF_TOKEN_PATH", home, huggingFace.resolve("token"))),
                isTrue(environment, "HF_HUB_OFFLINE") || isTrue(environment, "TRANSFORMERS_OFFLINE"),
                !isTrue(environment, "HF_HUB_DISABLE_SYMLINKS"),
                Retries.USUAL);
    }

    /** The same with other retries. */
    public HubSettings withRetries(Retries other) {
        return new HubSettings(cache, endpoint, token, offline, symlinks, other);
    }

    private static String text(Map<String, String> environment, String name, String otherwise) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }

    private static boolean isTrue(Map<String, String> environment, String name) {
        return TRUE.contains(text(environment, name, "").toUpperCase(Locale.ROOT));
    }

    private static Path path(Map<String, String> environment, String name, Path home, Path otherwise) {
        String value = text(environment, name, "");
        if (value.isEmpty()) {
            return otherwise;
        }
        return value.equals("~") || value.startsWith("~/")
                ? home.resolve(value.substring(1).replaceFirst("^/", ""))
                : Path.of(value);
    }

    private static URI endpoint(String written) {
        String expected = "HF_ENDPOINT: expected http(s)://host[:port][/path], found ";
        if (ToldValue.mayHoldSecret(written)) { // before anything else: no other message may repeat it
            throw new ConfigurationException(expected + ToldValue.SECRET_ADDRESS);
        }
        String told = expected + '"' + written + '"';
        URI uri;
        try {
            uri = URI.create(written.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(told, e);
        }
        boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
        if (!web || uri.getHost() == null) {
            throw new ConfigurationException(told);
        }
        return uri;
    }

    private static @Nullable HubToken token(Map<String, String> environment, Path file) {
        String older = text(environment, "HUGGING_FACE_HUB_TOKEN", "");
        String token = text(environment, "HF_TOKEN", older);
        String from = "HF_TOKEN";
        if (token.isEmpty() && Files.isRegularFile(file)) {
            from = file.toString();
            try {
                token = Files.readString(file).strip();
            } catch (IOException e) {
                throw new ConfigurationException(file + ": the token cannot be read: " + e.getMessage(), e);
            }
        }
        try {
            return token.isEmpty() ? null : new HubToken(token);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    from + ": expected one access token, found text with blanks or other characters", e);
        }
    }
}
