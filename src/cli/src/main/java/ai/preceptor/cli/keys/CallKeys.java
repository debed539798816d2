package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import ai.preceptor.teacher.served.client.CallLimits;
import ai.preceptor.teacher.served.client.Prices;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The keys of calls to a served teacher and of replies, which have no effect where nobody is asked.
 *
 * @param served whether some server is asked
 * @param local whether a model on this machine is asked in words, whose replies the ledger keeps
 * @param needed the keys that say which server
 */
public record CallKeys(boolean served, boolean local, String needed) {
    private static final String URL = "teacher_url";
    private static final String LEDGER = "teacher_ledger";

    /** Of a command whose only server is that of {@code teacher_url}. */
    public static CallKeys of(ServedTeacherSettings served, boolean local) {
        return new CallKeys(served.isGiven(), local, URL);
    }

    /**
     * As they are written.
     *
     * @param texts what is written for a key; empty if nothing is
     * @param local whether local teachers of this command are asked in words
     */
    public static CallKeys of(Function<String, List<String>> texts, boolean local) {
        boolean served = !texts.apply(URL).isEmpty()
                || !texts.apply("distill_teacher_url").isEmpty();
        return new CallKeys(served, local && !texts.apply("teacher").isEmpty(), URL);
    }

    /** Refuses what has no effect, of settings of calls and of replies. */
    public void check(List<? extends Record> settings, Checks checks) {
        Map<String, String> unused = unused();
        settings.forEach(group -> UnusedKeys.refuse(group, unused, checks));
    }

    /** The keys without effect, and what each has one with. */
    public Map<String, String> unused() {
        Map<String, String> unused = new LinkedHashMap<>();
        if (!served) {
            unused.put("api_key_env", needed);
            DefaultSettings.keys(CallLimits.class).forEach(key -> unused.put(key, needed));
            DefaultSettings.keys(Prices.class).forEach(key -> unused.put(key, needed));
        }
        if (!served && !local) {
            unused.put(LEDGER, needed + " or a teacher that is asked in words");
            unused.put("teacher_max_tokens", needed + " or a teacher that is asked in words");
        }
        return unused;
    }
}
