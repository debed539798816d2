package ai.preceptor.cli.keys;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.teacher.served.JudgeTemplate;
import ai.preceptor.teacher.served.client.Limits;
import ai.preceptor.teacher.served.client.Persistence;
import ai.preceptor.teacher.served.client.Prices;
import ai.preceptor.teacher.served.client.ServerOptions;
import ai.preceptor.teacher.served.http.ApiKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A teacher behind an OpenAI-compatible server. */
public record ServedTeacherKeys(
        @Key(help = "alternative to teacher: an OpenAI-compatible server, such as http://127.0.0.1:8000/v1") @Nullable
        String teacherUrl,

        @Key(help = "the teacher's model name on the server") @Nullable
        String teacherModel,

        @Key(help = "name of the environment variable that holds the server's key; default: no key") @Nullable
        String apiKeyEnv,

        @Key(help = "whether the teacher grades answers (1 to 10) or compares pairs", defaultValue = "score")
        TeacherMode teacherMode,

        @Key(help = "file with the judge prompt; docs/teachers.md describes it", path = PathKind.FILE) @Nullable
        Path teacherTemplate,

        @Key(help = "maximum number of tokens of a reply", defaultValue = "512", range = "[1, inf)")
        int teacherMaxTokens,

        @Key(help = "concurrent calls", defaultValue = "8", range = "[1, 1024]")
        int teacherConcurrency,

        @Key(help = "calls per minute; default: no limit", range = "[1, inf)") @Nullable
        Integer teacherRpm,

        @Key(help = "tokens per minute, prompt and completion; default: no limit", range = "[1, inf)") @Nullable
        Integer teacherTpm,

        @Key(help = "time limit of a call in seconds", defaultValue = "60", range = "(0, 3600]")
        double teacherTimeout,

        @Key(help = "retries of a failed call", defaultValue = "6", range = "[0, 100]")
        int teacherRetries,

        @Key(help = "price per million prompt tokens", defaultValue = "0", range = "[0, inf)")
        double promptPrice,

        @Key(help = "price per million completion tokens", defaultValue = "0", range = "[0, inf)")
        double completionPrice,

        @Key(help = "maximum total cost of all calls in the ledger; default: no limit", range = "(0, inf)") @Nullable
        Double maxCost,

        @Key(
                help = "ledger of calls, which several runs may share; default: calls.sqlite in output",
                path = PathKind.OUTPUT_FILE)
        @Nullable
        Path teacherLedger)
        implements Checked {
    private static final double MILLIS = 1000;

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
        if (teacherModel == null) {
            checks.refuse("teacher_model", "expected the teacher's model name at teacher_url, found none");
        }
        if (maxCost != null && promptPrice == 0 && completionPrice == 0) {
            checks.refuse(
                    "max_cost", "expected nothing where prompt_price and completion_price are 0, found " + maxCost);
        }
        ApiKey key = ApiKey.none();
        try {
            key = key();
        } catch (ConfigurationException e) {
            checks.refuse("api_key_env", e.withoutKey());
        }
        try {
            ServerOptions.address(teacherUrl, key);
        } catch (ConfigurationException e) {
            checks.refuse("teacher_url", e.withoutKey());
        }
        try {
            template();
        } catch (ConfigurationException e) {
            checks.refuse("teacher_template", String.valueOf(e.getMessage()));
        }
    }

    private ApiKey key() {
        return apiKeyEnv == null ? ApiKey.none() : ApiKey.fromEnvironment(apiKeyEnv, System::getenv);
    }

    /** What it is told. */
    public JudgeTemplate template() {
        if (teacherTemplate == null) {
            return teacherMode == TeacherMode.SCORE ? JudgeTemplate.score() : JudgeTemplate.compare();
        }
        return teacherMode == TeacherMode.SCORE
                ? JudgeTemplate.score(teacherTemplate)
                : JudgeTemplate.compare(teacherTemplate);
    }

    /** As the library takes it. */
    public ServerOptions options() {
        return new ServerOptions(
                ServerOptions.address(Objects.requireNonNull(teacherUrl, "checked")),
                Objects.requireNonNull(teacherModel, "checked"),
                key(),
                new Limits(
                        teacherConcurrency,
                        teacherRpm == null ? Limits.NO_LIMIT : teacherRpm,
                        teacherTpm == null ? Limits.NO_LIMIT : teacherTpm),
                Persistence.standard().with(Duration.ofMillis((long) (teacherTimeout * MILLIS)), teacherRetries),
                new Prices(promptPrice, completionPrice, maxCost == null ? Double.POSITIVE_INFINITY : maxCost));
    }

    /** What it is called where its scores are kept: all that they depend on. */
    public String label() {
        return teacherModel + " at " + teacherUrl + ", " + teacherMode + ", "
                + (teacherTemplate == null ? "standard template" : teacherTemplate);
    }
}
