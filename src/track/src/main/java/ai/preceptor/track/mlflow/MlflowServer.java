package ai.preceptor.track.mlflow;

import ai.preceptor.data.ConfigurationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where an MLflow server is and who asks it, as MLflow's own clients read it from the environment: {@code MLFLOW_TRACKING_URI},
 * {@code MLFLOW_EXPERIMENT_NAME}, and for the {@code Authorization} header {@code MLFLOW_TRACKING_TOKEN}, or
 * {@code MLFLOW_TRACKING_USERNAME} with {@code MLFLOW_TRACKING_PASSWORD}. The last three are secrets; they are in no text of this class.
 */
public final class MlflowServer {
    private static final String URI_VARIABLE = "MLFLOW_TRACKING_URI";
    private static final String TOKEN = "MLFLOW_TRACKING_TOKEN";
    private static final String PASSWORD = "MLFLOW_TRACKING_PASSWORD";

    private final URI root;
    private final String experiment;
    private final @Nullable String authorization;

    private MlflowServer(URI root, String experiment, @Nullable String authorization) {
        this.root = root;
        this.experiment = experiment;
        this.authorization = authorization;
    }

    /**
     * Reads the environment.
     *
     * @throws ConfigurationException if {@code MLFLOW_TRACKING_URI} is missing or no address of a server, or a token has other than
     *     printable characters
     */
    public static MlflowServer of(Map<String, String> environment) {
        String experiment = environment.getOrDefault("MLFLOW_EXPERIMENT_NAME", "");
        return new MlflowServer(
                root(environment.get(URI_VARIABLE)),
                experiment.isBlank() ? "preceptor" : experiment,
                authorization(environment));
    }

    private static URI root(@Nullable String given) {
        if (given == null || given.isBlank()) {
            throw new ConfigurationException("report_to: expected the environment variable " + URI_VARIABLE
                    + " with mlflow, such as http://127.0.0.1:5000, found none");
        }
        URI uri = parsed(given.strip().replaceAll("/+$", ""));
        if (uri != null
                && Set.of("http", "https")
                        .contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))
                && uri.getHost() != null
                && uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null) {
            return uri;
        }
        throw new ConfigurationException(refused());
    }

    /** Null for what is no address; why is not told, since that would repeat it. */
    private static @Nullable URI parsed(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Does not repeat the value, which may hold a password. */
    private static String refused() {
        return URI_VARIABLE + " (report_to): expected the address of a server, http://HOST:PORT or https://HOST,"
                + " without a page (#/experiments/1) and without a user, which belongs into MLFLOW_TRACKING_USERNAME";
    }

    private static @Nullable String authorization(Map<String, String> environment) {
        String token = environment.getOrDefault(TOKEN, "").strip();
        String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
        String password = environment.getOrDefault(PASSWORD, "");
        if (!user.isEmpty() && !password.isEmpty()) { // wins over a token, as in MLflow
            byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(both);
        }
        if (token.isEmpty()) {
            return null;
        }
        if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new ConfigurationException(
                    TOKEN + " (report_to): expected printable ASCII characters without spaces");
        }
        return "Bearer " + token;
    }

    /** Name of the experiment. */
    String experiment() {
        return experiment;
    }

    /** Value of the header {@code Authorization}; null for none. */
    @Nullable
    String authorization() {
        return authorization;
    }

    /** A method of the REST API, with its query. */
    URI method(String path) {
        return URI.create(root + "/api/2.0/mlflow/" + path);
    }

    /** The page of a run. */
    String page(String experimentId, String runId) {
        return root + "/#/experiments/" + experimentId + "/runs/" + runId;
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
