package ai.preceptor.cli.report;

import java.util.List;

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
    /** Mean reward of the distilled reward model, in its own units. */
    public static final FigureColumn REWARD = new FigureColumn("reward", "reward", "%.3f");
    /** Mean KL divergence to the reference in nats per answer. */
    public static final FigureColumn KL = new FigureColumn("kl_to_reference", "KL", "%.3f");
    /** Mean tokens of an answer. */
    public static final FigureColumn LENGTH = new FigureColumn("completions/mean_length", "length", "%.1f");
    /** Mean score of the rule that no training saw. */
    public static final FigureColumn RULE_SCORE = new FigureColumn("rule_score", "rule score", "%.3f");
    /** Spent on training. */
    public static final FigureColumn SECONDS = new FigureColumn("seconds", "seconds", "%.1f");

    /** All, in the order of tables. */
    public static final List<FigureColumn> ALL = List.of(TEACHER_SCORE, REWARD, KL, LENGTH, RULE_SCORE, SECONDS);
}
