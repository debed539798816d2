package ai.preceptor.vllm;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.data.setting.ToldValue;
import ai.preceptor.teacher.served.http.ApiKey;
import ai.preceptor.teacher.served.http.ServerAddress;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** vLLM servers that sample in the place of the student of this process; none if {@code rolloutUrl} is null. */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record VllmSettings(
        @Key(
                help = "vLLM servers that sample instead of this process, such as http://127.0.0.1:8000/v1; "
                        + "several share the answers",
                effect = KeyEffect.EXECUTION)
        @Nullable
        List<String> rolloutUrl,

        @Key(
                help = "the student's model name on these servers",
                defaultText = "their only model",
                effect = KeyEffect.EXECUTION)
        @Nullable
        String rolloutModel,

        @Key(
                help = "directory for published weights, which the servers must see under the same path",
                defaultText = "a temporary directory",
                path = PathKind.OUTPUT_DIRECTORY,
                effect = KeyEffect.NONE)
        @Nullable
        Path rolloutWeightsDir,

        @Key(
                help = "name of the environment variable with the servers' key",
                defaultText = "no key",
                effect = KeyEffect.NONE)
        @Nullable
        String rolloutApiKeyEnv,

        @Key(
                help = "maximum concurrent answers of each server",
                defaultValue = "32",
                range = "[1, 4096]",
                effect = KeyEffect.NONE)
        int rolloutConcurrency,

        @Key(
                help = "time limit of one answer, and of loading weights, in seconds",
                defaultValue = "600",
                range = "(0, 86400]",
                effect = KeyEffect.NONE)
        double rolloutTimeout,

        @Key(
                help = "seconds without any reachable server after which the run ends; it can be resumed",
                defaultValue = "900",
                range = "[0, 86400]",
                effect = KeyEffect.NONE)
        double rolloutOutage)
        implements Checked {
    private static final double MILLIS = 1000;
    /** Of a server that takes weights: loading them, freeing what is of the old ones, and comparing. */
    private static final int LONG_CALLS = 3;

    private static final Duration WRITING = Duration.ofMinutes(10);

    /** @throws ConfigurationException naming every number that is out of its range */
    public VllmSettings {
        rolloutUrl = rolloutUrl == null ? null : List.copyOf(rolloutUrl);
        Refusals.of(
                        VllmSettings.class,
                        rolloutUrl,
                        rolloutModel,
                        rolloutWeightsDir,
                        rolloutApiKeyEnv,
                        rolloutConcurrency,
                        rolloutTimeout,
                        rolloutOutage)
                .throwIfAny();
    }

    /** No server. */
    public static VllmSettings none() {
        return new DefaultSettings<>(VllmSettings.class).make();
    }

    /** These servers, with the defaults of everything else. */
    public static VllmSettingsBuilder at(String... urls) {
        return VllmSettingsBuilder.builder(none()).rolloutUrl(List.of(urls));
    }

    /** True if servers sample. */
    public boolean isGiven() {
        return rolloutUrl != null;
    }

    @Override
    public void check(Checks checks) {
        if (rolloutUrl == null) {
            refuseUnused("rollout_model", rolloutModel, checks);
            refuseUnused("rollout_weights_dir", rolloutWeightsDir, checks);
            refuseUnused("rollout_api_key_env", rolloutApiKeyEnv, checks);
            return;
        }
        if (rolloutModel != null && rolloutModel.isBlank()) {
            checks.refuse("rollout_model", "expected a model's name, found \"" + rolloutModel + "\"");
        }
        ApiKey key = ApiKey.none();
        try {
            key = key();
        } catch (ConfigurationException e) {
            checks.refuse("rollout_api_key_env", e.withoutKey());
        }
        for (String url : rolloutUrl) { // first: the other message repeats them
            try {
                ServerAddress.check(url, key);
            } catch (ConfigurationException e) {
                checks.refuse("rollout_url", e.withoutKey());
            }
        }
        if (rolloutUrl.isEmpty() || new HashSet<>(rolloutUrl).size() < rolloutUrl.size()) {
            checks.refuse(
                    "rollout_url",
                    "expected one or more different servers, found " + ToldValue.of("rollout_url", rolloutUrl));
        }
    }

    private static void refuseUnused(String key, @Nullable Object value, Checks checks) {
        if (value != null) {
            checks.refuse(key, "expected nothing without rollout_url, found " + ToldValue.of(key, value));
        }
    }

    ApiKey key() {
        return rolloutApiKeyEnv == null ? ApiKey.none() : ApiKey.fromEnvironment(rolloutApiKeyEnv, System::getenv);
    }

    /** Addresses without {@code /v1}, below which the calls for weights lie too. */
    List<URI> roots(ApiKey key) {
        return rolloutUrl == null
                ? List.of()
                : rolloutUrl.stream()
                        .map(url -> ServerAddress.check(url, key))
                        .map(url ->
                                URI.create(url.toString().replaceAll("/+$", "").replaceAll("/v1$", "")))
                        .toList();
    }

    Duration timeout() {
        return Duration.ofMillis(Math.max(1, Math.round(rolloutTimeout * MILLIS)));
    }

    /** Longest time to write weights and to have all servers load them. */
    public Duration longestPush() {
        return timeout().multipliedBy(LONG_CALLS).plus(WRITING);
    }

    Duration outage() {
        return Duration.ofMillis(Math.round(rolloutOutage * MILLIS));
    }
}
