package ai.preceptor.tinker;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.data.setting.ToldValue;
import ai.preceptor.teacher.served.http.ApiKey;
import ai.preceptor.teacher.served.http.ServerAddress;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A service with the Tinker API that trains in the place of this process; none if {@code learnerUrl} is null. */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record TinkerSettings(
        @Key(
                help =
                        "service with the Tinker API (SkyRL) that trains the student, such as http://127.0.0.1:8000; of model only "
                                + "the configuration, tokenizer and chat template are read",
                effect = KeyEffect.EXECUTION)
        @Nullable
        String learnerUrl,

        @Key(
                help = "the student's name on the service",
                defaultText = "the service's only model",
                effect = KeyEffect.ADDRESS)
        @Nullable
        String learnerBaseModel,

        @Key(
                help = "name of the environment variable with the service's key",
                defaultText = "no key",
                effect = KeyEffect.NONE)
        @Nullable
        String learnerApiKeyEnv,

        @Key(
                help = "time limit of one request's result, in seconds",
                defaultValue = "3600",
                range = "(0, 604800]",
                effect = KeyEffect.NONE)
        double learnerTimeout,

        @Key(
                help = "seconds without reaching the service after which the run ends; it can be resumed",
                defaultValue = "900",
                range = "[0, 86400]",
                effect = KeyEffect.NONE)
        double learnerOutage)
        implements Checked {
    private static final double MILLIS = 1000;

    /** @throws ConfigurationException naming every number that is out of its range */
    public TinkerSettings {
        Refusals.of(TinkerSettings.class, learnerUrl, learnerBaseModel, learnerApiKeyEnv, learnerTimeout, learnerOutage)
                .throwIfAny();
    }

    /** No service. */
    public static TinkerSettings none() {
        return new DefaultSettings<>(TinkerSettings.class).make();
    }

    /** This service, with the defaults of everything else. */
    public static TinkerSettingsBuilder at(String url) {
        return TinkerSettingsBuilder.builder(none()).learnerUrl(url);
    }

    /** True if a service trains. */
    public boolean isGiven() {
        return learnerUrl != null;
    }

    @Override
    public void check(Checks checks) {
        if (learnerUrl == null) {
            refuseUnused("learner_base_model", learnerBaseModel, checks);
            refuseUnused("learner_api_key_env", learnerApiKeyEnv, checks);
            return;
        }
        if (learnerBaseModel != null && learnerBaseModel.isBlank()) {
            checks.refuse("learner_base_model", "expected a model's name, found \"" + learnerBaseModel + "\"");
        }
        ApiKey key = ApiKey.none();
        try {
            key = key();
        } catch (ConfigurationException e) {
            checks.refuse("learner_api_key_env", e.withoutKey());
        }
        try {
            ServerAddress.check(learnerUrl, key);
        } catch (ConfigurationException e) {
            checks.refuse("learner_url", e.withoutKey());
        }
    }

    private static void refuseUnused(String key, @Nullable Object value, Checks checks) {
        if (value != null) {
            checks.refuse(key, "expected nothing without learner_url, found " + ToldValue.of(key, value));
        }
    }

    ApiKey key() {
        return learnerApiKeyEnv == null ? ApiKey.none() : ApiKey.fromEnvironment(learnerApiKeyEnv, System::getenv);
    }

    /** The address without {@code /api/v1}. */
    URI root() {
        URI url = ServerAddress.check(Objects.requireNonNull(learnerUrl, "learner_url"), key());
        return URI.create(url.toString().replaceAll("/+$", "").replaceAll("/api/v1$", ""));
    }

    Duration timeout() {
        return Duration.ofMillis(Math.max(1, Math.round(learnerTimeout * MILLIS)));
    }

    Duration outage() {
        return Duration.ofMillis(Math.round(learnerOutage * MILLIS));
    }
}
