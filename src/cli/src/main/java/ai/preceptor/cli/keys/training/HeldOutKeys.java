package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.train.evaluation.EvaluationSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Held-out rows: a file of their own, or a part of {@code data}. */
public record HeldOutKeys(
        @Key(help = "evaluation rows, in the same formats as data", path = PathKind.ROWS, effect = KeyEffect.REVISABLE)
        @Nullable
        Path evalData,

        @Key(help = "alternative to eval_data: number of rows of data to hold out, split by prompt", range = "[1, inf)")
        @Nullable
        Integer evalRows)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (evalData != null && evalRows != null) {
            checks.refuse(
                    "eval_rows", "expected nothing when eval_data is given (" + evalData + "), found " + evalRows);
        }
    }

    /** Whether rows are held out. */
    boolean isGiven() {
        return evalData != null || evalRows != null;
    }

    /** Refuses settings of evaluation where nothing is held out. */
    void checkUse(EvaluationSettings evaluation, Checks checks) {
        if (!isGiven()) {
            refuse("expected a file or eval_rows, required by ", "null", List.of(evaluation), checks);
        }
    }

    /**
     * Refuses settings that are not at their defaults.
     *
     * @param expected begins the message about {@code eval_data}
     * @param steps the default of {@code eval_steps} here
     */
    static void refuse(String expected, String steps, List<? extends Record> settings, Checks checks) {
        List<String> given = new ArrayList<>();
        for (Record group : settings) {
            Map<String, @Nullable Object> standard =
                    new Resolved(Settings.of(group.getClass()).read()).toMap();
            new Resolved(group).toMap().forEach((key, value) -> {
                String usual = key.equals("eval_steps") ? steps : String.valueOf(standard.get(key));
                if (!String.valueOf(value).equals(usual)) {
                    given.add(key + " " + KeyName.shown(value));
                }
            });
        }
        if (!given.isEmpty()) {
            checks.refuse("eval_data", expected + String.join(" and ", given) + ", found none");
        }
    }
}
