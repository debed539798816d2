package ai.preceptor.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The results of one method on the evaluation prompts. Null stands for "not measured".
 *
 * @param method its name, {@code start} for the student before any of them
 * @param winRate against the start, judged by the teacher in both orders
 * @param turned share of comparisons whose verdict turned with the order of the answers, in [0, 1]; null for a judge that
 *     scores each answer by itself
 * @param reward mean reward of the distilled reward model, in its own units
 * @param kl mean KL divergence to the reference in nats per answer, at least 0 but for the noise of sampling
 * @param length mean tokens of an answer
 * @param ruleScore mean score of the rule that no training saw, in [0, 1]
 * @param seconds spent on training
 */
public record MethodResult(
        String method,
        @Nullable WinRate winRate,
        @Nullable Double turned,
        @Nullable Double reward,
        @Nullable Double kl,
        @Nullable Double length,
        @Nullable Double ruleScore,
        @Nullable Double seconds) {

    /** A row of a {@code summary.json}, as {@link ai.preceptor.eval.EvalReport#toRow} makes it. */
    public static MethodResult ofRow(JsonNode row) {
        Double rate = number(row, "win_rate");
        Double low = number(row, "win_rate_low");
        Double high = number(row, "win_rate_high");
        return new MethodResult(
                row.path("method").asText(),
                rate == null || low == null || high == null ? null : new WinRate(rate, low, high),
                number(row, "judge/disagreement"),
                number(row, "reward"),
                number(row, "kl_to_reference"),
                number(row, "completions/mean_length"),
                number(row, "rule_score"),
                number(row, "seconds"));
    }

    private static @Nullable Double number(JsonNode row, String key) {
        JsonNode value = row.path(key);
        return value.isNumber() ? value.doubleValue() : null;
    }

    /** A table with a row for every result; a dash where nothing was measured. */
    public static Chapter chapter(List<MethodResult> results) {
        return chapter("Results", List.of(), results);
    }

    /** The same under another heading, with pictures. */
    static Chapter chapter(String title, List<Curve> pictures, List<MethodResult> results) {
        return new Chapter(
                title,
                pictures,
                List.of(
                        "method",
                        "win rate",
                        "95 % interval",
                        "turned",
                        "reward",
                        "KL",
                        "length",
                        "rule score",
                        "seconds"),
                results.stream().map(MethodResult::cells).toList(),
                "Win rate: share of evaluation prompts whose answer the teacher prefers to the initial model's, judged in"
                        + " both orders, ties half. Turned: comparisons whose verdict changed with the order; the judge"
                        + " guesses where they are many. Reward: mean of the distilled reward model. KL: nats per answer to the"
                        + " reference. Rule score: a rule that is not used in training; a reward that rises while it"
                        + " falls indicates reward hacking.");
    }

    private List<String> cells() {
        return List.of(
                method,
                winRate == null ? "-" : format("%.1f %%", 100 * winRate.rate()),
                winRate == null ? "-" : format("%.1f to %.1f", 100 * winRate.low(), 100 * winRate.high()),
                turned == null ? "-" : format("%.1f %%", 100 * turned),
                number("%.3f", reward),
                number("%.3f", kl),
                number("%.1f", length),
                number("%.3f", ruleScore),
                number("%.1f", seconds));
    }

    private static String number(String pattern, @Nullable Double value) {
        return value == null ? "-" : format(pattern, value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /**
     * A share with its interval.
     *
     * @param rate in [0, 1]; a tie counts half
     * @param low lower end of the 95 % interval
     * @param high upper end
     */
    public record WinRate(double rate, double low, double high) {}
}
