package ai.preceptor.cli.report;

import ai.preceptor.eval.EvalReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A column of figures in tables of methods.
 *
 * @param key its name in {@code summary.json}; its interval is in {@code KEY_low} and {@code KEY_high}
 * @param title its heading
 * @param pattern of {@link String#format}, for one number
 */
public record FigureColumn(String key, String title, String pattern) {
    /** Mean score of a teacher that scores each answer by itself, in its own units. */
    public static final FigureColumn TEACHER_SCORE = new FigureColumn("teacher_score", "teacher score", "%.3f");
    /** Mean difference of the teacher's score to the start's, prompt by prompt. */
    public static final FigureColumn TEACHER_DIFFERENCE = difference(TEACHER_SCORE);
    /** Mean reward of the distilled reward model, in its own units. */
    public static final FigureColumn REWARD = new FigureColumn("reward", "reward", "%.3f");
    /** Mean difference of the reward to the start's, prompt by prompt. */
    public static final FigureColumn REWARD_DIFFERENCE = difference(REWARD);
    /** Mean KL divergence to the reference in nats per answer. */
    public static final FigureColumn KL = new FigureColumn("kl_to_reference", "KL", "%.3f");
    /** Mean tokens of an answer. */
    public static final FigureColumn LENGTH = new FigureColumn("completions/mean_length", "length", "%.1f");
    /** Mean score of the rule that no training saw. */
    public static final FigureColumn RULE_SCORE = new FigureColumn("rule_score", "rule score", "%.3f");
    /** Spent on training. */
    public static final FigureColumn SECONDS = new FigureColumn("seconds", "seconds", "%.1f");

    /** Those that every table may have, in its order. */
    static final List<FigureColumn> STANDARD =
            List.of(TEACHER_SCORE, TEACHER_DIFFERENCE, REWARD, REWARD_DIFFERENCE, KL, LENGTH, RULE_SCORE, SECONDS);

    /** All of some results, in the order of tables: after the score of a single rule those of several, by name. */
    public static List<FigureColumn> of(Collection<MethodResult> results) {
        Set<FigureColumn> rules = new LinkedHashSet<>();
        results.forEach(result -> result.figures().keySet().stream()
                .filter(key -> key.startsWith(EvalReport.RULES))
                .forEach(key -> rules.add(rule(key))));
        List<FigureColumn> columns = new ArrayList<>(STANDARD);
        columns.addAll(columns.indexOf(RULE_SCORE) + 1, rules);
        return columns;
    }

    private static FigureColumn difference(FigureColumn score) {
        return new FigureColumn(score.key() + EvalReport.DIFFERENCE, "less start", "%+.3f");
    }

    /** Whether a column of this key has differences to the start. */
    static boolean isDifference(String key) {
        return key.endsWith(EvalReport.DIFFERENCE);
    }

    /** One of several rules. */
    static FigureColumn rule(String key) {
        return new FigureColumn(key, key.substring(EvalReport.RULES.length()), RULE_SCORE.pattern());
    }

    /** Whether it has the scores of a rule. */
    boolean isRule() {
        return equals(RULE_SCORE) || key.startsWith(EvalReport.RULES);
    }
}
