package ai.preceptor.cli.keys;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.teacher.served.ApiKey;
import ai.preceptor.teacher.served.JudgeTemplate;
import ai.preceptor.teacher.served.Limits;
import ai.preceptor.teacher.served.Persistence;
import ai.preceptor.teacher.served.Prices;
import ai.preceptor.teacher.served.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A teacher behind an OpenAI-compatible server. */
public record ServedTeacherKeys(
        @Key(help = "instead: an OpenAI-compatible server, such as http://127.0.0.1:8000/v1") @Nullable
        String teacherUrl,

        @Key(help = "the name under which the server knows the teacher") @Nullable
        String teacherModel,

        @Key(help = "name of the environment variable that holds the server's key; none if left out") @Nullable
        String apiKeyEnv,

        @Key(help = "whether it grades answers (1 to 10) or compares them two by two", standard = "score")
        TeacherMode teacherMode,

        @Key(help = "file with what it is told; docs/teachers.md says how", path = PathKind.FILE) @Nullable
        Path teacherTemplate,

        @Key(help = "most tokens of its reply", standard = "512", range = "[1, inf)")
        int teacherMaxTokens,

        @Key(help = "calls at once", standard = "8", range = "[1, 1024]")
        int teacherConcurrency,

        @Key(help = "calls in any minute; no limit if left out", range = "[1, inf)") @Nullable
        Integer teacherRpm,

        @Key(help = "tokens in any minute, read and written; no limit if left out", range = "[1, inf)") @Nullable
        Integer teacherTpm,

        @Key(help = "seconds that a call may take", standard = "60", range = "(0, 3600]")
        double teacherTimeout,

        @Key(help = "further attempts of a call that failed", standard = "6", range = "[0, 100]")
        int teacherRetries,

        @Key(help = "price of a million tokens that it reads", standard = "0", range = "[0, inf)")
        double promptPrice,

        @Key(help = "price of a million tokens that it writes", standard = "0", range = "[0, inf)")
        double completionPrice,

        @Key(help = "most that all calls of the ledger may cost; no cap if left out", range = "(0, inf)") @Nullable
        Double maxCost,

        @Key(
                help = "ledger of calls, for several runs; if left out calls.sqlite in output",
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
            checks.refuse("teacher_model", "expected the name under which teacher_url knows the teacher, found none");
        }
        if (maxCost != null && promptPrice == 0 && completionPrice == 0) {
            checks.refuse(
                    "max_cost", "expected nothing where prompt_price and completion_price are 0, found " + maxCost);
        }
        ApiKey key = ApiKey.none();
        try {
            key = key();
        } catch (ConfigurationException e) {
            checks.refuse("api_key_env", afterKey(e));
        }
        try {
            ServerOptions.address(teacherUrl, key);
        } catch (ConfigurationException e) {
            checks.refuse("teacher_url", afterKey(e));
        }
        try {
            template();
        } catch (ConfigurationException e) {
            checks.refuse("teacher_template", String.valueOf(e.getMessage()));
        }
    }

    private static String afterKey(ConfigurationException e) {
        return String.valueOf(e.getMessage()).replaceFirst("^[a-z_]+: ", "");
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
