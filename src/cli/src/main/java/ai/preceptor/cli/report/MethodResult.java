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
 * @param kl mean KL divergence to the reference in nats per answer: k1, or k3 where k1 came out negative by chance
 * @param length mean tokens of an answer
 * @param ruleScore mean score of the rule that no training saw, in [0, 1]
 * @param seconds spent on training
 * @param details intervals of the means, and the estimator of the divergence
 */
public record MethodResult(
        String method,
        @Nullable WinRate winRate,
        @Nullable Double turned,
        @Nullable Double reward,
        @Nullable Double kl,
        @Nullable Double length,
        @Nullable Double ruleScore,
        @Nullable Double seconds,
        Details details) {
    /** Behind a divergence that is not estimated by k1. */
    static final String BY_K3 = " (k3)";

    private static final String KL = "kl_to_reference";
    private static final String K3 = KL + "_k3";

    /** Without intervals, the divergence by k1. */
    public MethodResult(
            String method,
            @Nullable WinRate winRate,
            @Nullable Double turned,
            @Nullable Double reward,
            @Nullable Double kl,
            @Nullable Double length,
            @Nullable Double ruleScore,
            @Nullable Double seconds) {
        this(method, winRate, turned, reward, kl, length, ruleScore, seconds, Details.NONE);
    }

    /** A row of a {@code summary.json}, as {@link ai.preceptor.eval.EvalReport#toRow} makes it. */
    public static MethodResult ofRow(JsonNode row) {
        return ofRow(row, isByK3(List.of(row)));
    }

    /**
     * Whether the divergence of these is told by k3, since the mean of k1 is negative: k1 of a policy near its reference is as often
     * below 0 as above, which no divergence is. Only where all that have one have the other.
     */
    static boolean isByK3(List<JsonNode> rows) {
        List<JsonNode> measured =
                rows.stream().filter(row -> number(row, KL) != null).toList();
        return measured.stream().mapToDouble(row -> row.path(KL).doubleValue()).sum() < 0
                && measured.stream().allMatch(row -> number(row, K3) != null);
    }

    /** @param k3 which estimate of the divergence */
    static MethodResult ofRow(JsonNode row, boolean k3) {
        Double rate = number(row, "win_rate");
        Double low = number(row, "win_rate_low");
        Double high = number(row, "win_rate_high");
        String kl = k3 ? K3 : KL;
        return new MethodResult(
                row.path("method").asText(),
                rate == null || low == null || high == null ? null : new WinRate(rate, low, high),
                number(row, "judge/disagreement"),
                number(row, "reward"),
                number(row, kl),
                number(row, "completions/mean_length"),
                number(row, "rule_score"),
                number(row, "seconds"),
                new Details(half(row, "reward"), half(row, kl), half(row, "rule_score"), k3));
    }

    /** Half the width of the interval of a mean. */
    private static @Nullable Double half(JsonNode row, String key) {
        Double low = number(row, key + "_low");
        Double high = number(row, key + "_high");
        return low == null || high == null ? null : (high - low) / 2;
    }

    private static @Nullable Double number(JsonNode row, String key) {
        JsonNode value = row.path(key);
        return value.isNumber() ? value.doubleValue() : null;
    }

    /** A table with a row for every result; a dash where nothing was measured. */
    public static Chapter chapter(List<MethodResult> results) {
        return chapter("Results", results);
    }

    /** A table of the figures alone, without the intervals of means: narrow enough for a terminal. */
    public static Chapter printed(List<MethodResult> results) {
        return chapter("", results.stream().map(MethodResult::withoutIntervals).toList());
    }

    private static Chapter chapter(String title, List<MethodResult> results) {
        return new Chapter(
                title,
                List.of(),
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
                        + " reference, estimated by k1; by k3, which is never negative, where k1 is negative by chance and"
                        + " the figure is marked (k3). Rule score: a rule that is not used in training; a reward that rises while it"
                        + " falls indicates reward hacking. ±: half the 95 % interval of a mean, over prompts.");
    }

    private List<String> cells() {
        return List.of(
                method,
                winRate == null ? "-" : format("%.1f %%", 100 * winRate.rate()),
                winRate == null ? "-" : format("%.1f to %.1f", 100 * winRate.low(), 100 * winRate.high()),
                turned == null ? "-" : format("%.1f %%", 100 * turned),
                rewardText(),
                klText(),
                number("%.1f", length),
                ruleScoreText(),
                number("%.1f", seconds));
    }

    String rewardText() {
        return mean(reward, details.reward());
    }

    /** With the estimator where it is not k1. */
    String klText() {
        return mean(kl, details.kl()) + (details.k3() ? BY_K3 : "");
    }

    String ruleScoreText() {
        return mean(ruleScore, details.ruleScore());
    }

    private MethodResult withoutIntervals() {
        Details without = new Details(null, null, null, details.k3());
        return new MethodResult(method, winRate, turned, reward, kl, length, ruleScore, seconds, without);
    }

    private static String mean(@Nullable Double value, @Nullable Double half) {
        String shown = number("%.3f", value);
        return value == null || half == null || half == 0 ? shown : shown + format(" ± %.3f", half);
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

    /**
     * How sure the figures are.
     *
     * @param reward half the width of the 95 % interval; null for none
     * @param kl the same of the divergence
     * @param ruleScore the same of the rule's score
     * @param k3 whether the divergence is estimated by k3
     */
    public record Details(
            @Nullable Double reward,
            @Nullable Double kl,
            @Nullable Double ruleScore,
            boolean k3) {
        static final Details NONE = new Details(null, null, null, false);
    }
}
