package ai.preceptor.teacher.served;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.teacher.served.client.Backoff;
import ai.preceptor.teacher.served.client.CallLimits;
import ai.preceptor.teacher.served.client.Prices;
import ai.preceptor.teacher.served.client.ServerOptions;
import ai.preceptor.teacher.served.http.ApiKey;
import ai.preceptor.teacher.served.http.ServerAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A teacher behind an OpenAI-compatible server; none if {@code teacherUrl} is null. */
public record ServedTeacherSettings(
        @Key(
                help = "alternative to teacher: an OpenAI-compatible server, such as http://127.0.0.1:8000/v1",
                effect = KeyEffect.ADDRESS)
        @Nullable
        String teacherUrl,

        @Key(help = "the teacher's model name on the server; the judgments of several are averaged") @Nullable
        List<String> teacherModel,

        @Key(
                help = "name of the environment variable with the server's key",
                defaultText = "no key",
                effect = KeyEffect.NONE)
        @Nullable
        String apiKeyEnv,

        @Group(title = "Served teacher") CallLimits limits,
        @Group(title = "Served teacher") Prices prices,

        @Key(
                help = "ledger of calls, which several runs may share",
                defaultText = "calls.sqlite in output",
                path = PathKind.OUTPUT_FILE,
                effect = KeyEffect.NONE)
        @Nullable
        Path teacherLedger)
        implements Checked {
    /** True if there is such a teacher. */
    public boolean isGiven() {
        return teacherUrl != null;
    }

    @Override
    public void check(Checks checks) {
        if (teacherUrl == null) {
            if (teacherModel != null) {
                checks.refuse("teacher_model", "expected a teacher_url to ask, found none");
            }
            return;
        }
        if (teacherModel == null
                || teacherModel.isEmpty()
                || teacherModel.stream().anyMatch(String::isBlank)) {
            checks.refuse(
                    "teacher_model",
                    "expected the teacher's model name at teacher_url, found "
                            + (teacherModel == null ? "none" : teacherModel));
        } else if (new HashSet<>(teacherModel).size() < teacherModel.size()) {
            checks.refuse("teacher_model", "expected different models, found " + teacherModel);
        }
        if (prices.maxCost() != null && prices.promptPrice() == 0 && prices.completionPrice() == 0) {
            checks.refuse(
                    "max_cost",
                    "expected nothing where prompt_price and completion_price are 0, found " + prices.maxCost());
        }
        ApiKey key = ApiKey.none();
        try {
            key = key();
        } catch (ConfigurationException e) {
            checks.refuse("api_key_env", e.withoutKey());
        }
        try {
            ServerAddress.check(teacherUrl, key);
        } catch (ConfigurationException e) {
            checks.refuse("teacher_url", e.withoutKey());
        }
    }

    private ApiKey key() {
        return apiKeyEnv == null ? ApiKey.none() : ApiKey.fromEnvironment(apiKeyEnv, System::getenv);
    }

    /** Its models; empty without a teacher. */
    public List<String> models() {
        return teacherUrl == null || teacherModel == null ? List.of() : teacherModel;
    }

    /**
     * As a client takes its only model.
     *
     * @throws ConfigurationException if it has several
     */
    public ServerOptions server() {
        if (models().size() != 1) {
            throw new ConfigurationException("teacher_model: expected one where it does not judge, found " + models());
        }
        return server(models().get(0));
    }

    /** As a client takes one of its {@link #models}. */
    public ServerOptions server(String model) {
        return serverAt(Objects.requireNonNull(teacherUrl, "checked"), model);
    }

    /**
     * The address of another server, with the same key.
     *
     * @throws ConfigurationException if it is none, or the key is not there
     */
    public URI address(String url) {
        return ServerAddress.check(url, key());
    }

    /**
     * Another server, with the same key, limits and prices.
     *
     * @throws ConfigurationException if the address is not one of a server, or the key is not there
     */
    public ServerOptions serverAt(String url, String model) {
        ApiKey key = key();
        return new ServerOptions(ServerAddress.check(url, key), model, key, limits, Backoff.STANDARD, prices);
    }

    /** What it is called where its scores are kept. */
    public String label() {
        return String.join(", ", models()) + " at " + teacherUrl;
    }
}
