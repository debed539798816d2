package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.train.experiment.Headline;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a stage has come to, in words: its headline metrics at its start and its end, and those of held-out rows, with
 * intervals.
 *
 * @param command that trained
 * @param columns metrics over steps
 * @param summary its {@code summary.json}
 */
record StageWords(String command, Map<String, List<Point>> columns, Map<String, ? extends @Nullable Object> summary) {
    private static final String HELD_OUT = "eval_";
    private static final int MOST = 3;

    /**
     * A metric in words.
     *
     * @param name what it is called
     * @param unit empty for none, {@code %} for a share
     */
    private record Words(String name, String unit) {
        private static final String SHARE = "%";

        String text(double value) {
            return String.format(Locale.ROOT, pattern(value), scaled(value));
        }

        String text(StepMean mean) {
            String pattern = pattern(mean.mean());
            String shown = String.format(Locale.ROOT, pattern, scaled(mean.mean()));
            return Double.isNaN(mean.half())
                    ? shown
                    : shown + " ± " + String.format(Locale.ROOT, pattern, scaled(mean.half()));
        }

        String unitText() {
            return unit.isEmpty() ? "" : " " + unit;
        }

        private double scaled(double value) {
            return SHARE.equals(unit) ? 100 * value : value;
        }

        private String pattern(double value) {
            double size = Math.abs(value);
            if (SHARE.equals(unit) || size >= 10) {
                return "%.1f";
            }
            return size >= 0.01 || size < 1e-6 ? "%.2f" : "%.1e";
        }
    }

    private Words words(String metric) {
        return switch (metric) {
            case "objective/kl" -> new Words("KL to the reference", "nats per answer");
            case "opd/reverse_kl" -> new Words("reverse KL to the teacher", "nats per token");
            case "completions/mean_length" -> new Words("answer length", "tokens");
            case "objective/scores" -> new Words("score", "");
            case "rewards/accuracies" -> new Words("pairs in the right order", Words.SHARE);
            case "rewards/margins" -> new Words("difference of rewards", "");
            case "mean_token_accuracy" -> new Words("token accuracy", Words.SHARE);
            case "accuracy" ->
                new Words(
                        columns.containsKey("step_probability") || summary.containsKey("eval_steps")
                                ? "steps classified correctly"
                                : "pairs in the right order",
                        Words.SHARE);
            default -> new Words(metric, "");
        };
    }

    /** Sentences; empty if nothing was measured. */
    String text() {
        List<String> sentences = new ArrayList<>();
        // What a reward model is measured by is held-out pairs; the answers of a policy are new at every step.
        List<String> both = isPairs() ? List.of(heldOut(), trained()) : List.of(trained(), heldOut());
        for (String sentence : both) {
            if (!sentence.isEmpty()) {
                sentences.add(Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1) + ".");
            }
        }
        return String.join(" ", sentences);
    }

    private String trained() {
        List<String> parts = new ArrayList<>();
        int steps = 0;
        for (String metric : headlines(columns.keySet())) {
            List<Point> points = columns.getOrDefault(metric, List.of());
            int window = StepMean.steps(points.size());
            Words words = words(metric);
            if (window == 0) {
                parts.add(words.name() + " " + words.text(points.get(0).y()) + words.unitText());
            } else {
                StepMean first = StepMean.of(points.subList(0, window));
                StepMean last = StepMean.of(points.subList(points.size() - window, points.size()));
                parts.add(words.name() + " " + words.text(first) + " → " + words.text(last) + words.unitText());
            }
            steps = Math.max(steps, window);
        }
        String how = steps < 2 ? "" : " (means of the first and last " + steps + " steps, with 95 % intervals)";
        return parts.isEmpty() ? "" : String.join(", ", parts) + how;
    }

    private String heldOut() {
        if (isPairs()) {
            return pairs();
        }
        Set<String> measured = new LinkedHashSet<>();
        summary.keySet().stream()
                .filter(key -> key.startsWith(HELD_OUT) && number(key) != null)
                .forEach(key -> measured.add(key.substring(HELD_OUT.length())));
        List<String> parts = new ArrayList<>();
        for (String metric : headlines(measured)) {
            Words words = words(metric);
            Double value = number(HELD_OUT + metric);
            if (value != null) {
                parts.add(
                        words.name() + " " + words.text(value) + words.unitText() + interval(HELD_OUT + metric, words));
            }
        }
        return parts.isEmpty() ? "" : "on held-out rows: " + String.join(", ", parts);
    }

    private boolean isPairs() {
        return number("eval_accuracy") != null && number(counted()) != null;
    }

    private String counted() {
        return summary.containsKey("eval_steps") ? "eval_steps" : "eval_pairs";
    }

    private String pairs() {
        Words words = words("accuracy");
        Double unscored = number("eval_unscored");
        String[] what = words.name().split(" ", 2); // "pairs", and what is right about them
        return String.format(
                Locale.ROOT,
                "%s %% of %.0f held-out %s %s%s%s",
                words.text(Objects.requireNonNull(number("eval_accuracy"), "asked")),
                number(counted()),
                what[0],
                what[1],
                interval("eval_accuracy", words),
                unscored == null || unscored == 0
                        ? ""
                        : String.format(Locale.ROOT, "; %.0f more have no score", unscored));
    }

    private String interval(String key, Words words) {
        Double low = number(key + "_low");
        Double high = number(key + "_high");
        return low == null || high == null
                ? ""
                : " (95 % interval " + words.text(low) + " to " + words.text(high)
                        + (Words.SHARE.equals(words.unit()) ? " %" : "") + ")";
    }

    private @Nullable Double number(String key) {
        return summary.get(key) instanceof Number number && Double.isFinite(number.doubleValue())
                ? number.doubleValue()
                : null;
    }

    /** The first few of training; those of held-out rows are told apart. */
    private List<String> headlines(Set<String> metrics) {
        return Headline.among(command, metrics, Integer.MAX_VALUE).stream()
                .map(Headline::name)
                .filter(name -> !name.startsWith(HELD_OUT))
                .limit(MOST)
                .toList();
    }
}
