package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.report.SampleRow.MethodAnswer;
import ai.preceptor.data.Text;
import ai.preceptor.eval.AccuracyGroup;
import ai.preceptor.eval.Calibration.Bin;
import ai.preceptor.eval.LengthCorrection;
import ai.preceptor.eval.Proportion;
import ai.preceptor.eval.RewardReport;
import ai.preceptor.eval.ScoredPairs.Pair;
import ai.preceptor.eval.TeacherAgreement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A reward model's quality, as a section: a reliability diagram, and accuracy on all kinds of pairs. */
public final class RewardChapter {
    private RewardChapter() {}

    /** A longer text is cut; the whole is in the data. */
    private static final int MOST_CHARACTERS = 1500;

    /** The chapters of a report: the figures, and pairs that the model has wrong. */
    public static List<Chapter> of(RewardReport report) {
        return List.of(
                new Chapter(
                        "Held-out pairs",
                        List.of(reliability(report.calibration().bins())),
                        List.of("pairs", "accuracy", "95 % interval", "how many"),
                        rows(report),
                        note(report)),
                new Chapter(
                        "Misjudged pairs",
                        List.of(),
                        List.of(),
                        List.of(),
                        report.misjudged().isEmpty()
                                ? ""
                                : "Held-out pairs whose rejected answer gets the higher reward, the largest difference first."
                                        + " Many with a wrong label mean noisy data; many of one kind show what the model has"
                                        + " not learnt.",
                        report.misjudged().stream().map(RewardChapter::sample).toList()));
    }

    private static SampleRow sample(Pair pair) {
        return new SampleRow(
                cut(pair.preference().prompt().text().asString()),
                List.of(
                        answer("chosen", pair.chosen(), pair.preference().chosen()),
                        answer("rejected", pair.rejected(), pair.preference().rejected())));
    }

    private static MethodAnswer answer(String which, double reward, Text text) {
        return new MethodAnswer(String.format(Locale.ROOT, "%s, %.3f", which, reward), cut(text.asString()));
    }

    private static String cut(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + " …";
    }

    private static Curve reliability(List<Bin> bins) {
        List<Point> points = bins.stream()
                .map(bin -> new Point(
                        bin.probability(),
                        bin.accuracy().rate(),
                        bin.accuracy().interval().low(),
                        bin.accuracy().interval().high()))
                .toList();
        return new Curve(
                "Reliability: accuracy by predicted probability, with 95 % interval",
                "predicted probability of the preferred answer",
                "accuracy",
                List.of(
                        new Line("ideal", List.of(new Point(0.5, 0.5), new Point(1, 1))),
                        new Line("reward model", points)));
    }

    private static List<List<String>> rows(RewardReport report) {
        List<List<String>> rows = new ArrayList<>();
        add(rows, "all", report.accuracy().accuracy());
        report.accuracy().subsets().forEach((name, share) -> add(rows, "subset " + name, share));
        report.byMargin().forEach(group -> add(rows, range("margin of the row", group), group.accuracy()));
        report.byRewardMargin().forEach(group -> add(rows, range("difference of rewards", group), group.accuracy()));
        add(rows, "the longer answer is preferred", report.length().longerWins());
        add(rows, "the longer answer loses", report.length().longerLoses());
        if (report.teacher() != null) {
            add(
                    rows,
                    "agreement with the teacher, without undecided pairs",
                    report.teacher().agreement());
        }
        return rows;
    }

    private static String range(String what, AccuracyGroup group) {
        return String.format(Locale.ROOT, "%s %.3g to %.3g", what, group.low(), group.high());
    }

    private static void add(List<List<String>> rows, String name, @Nullable Proportion share) {
        if (share != null) {
            rows.add(List.of(
                    name,
                    String.format(Locale.ROOT, "%.1f %%", 100 * share.rate()),
                    String.format(
                            Locale.ROOT,
                            "%.1f to %.1f",
                            100 * share.interval().low(),
                            100 * share.interval().high()),
                    String.format(Locale.ROOT, "%.0f", share.trials())));
        }
    }

    private static String note(RewardReport report) {
        StringBuilder note = new StringBuilder();
        note.append(String.format(
                Locale.ROOT,
                "Expected calibration error %.3f. Correlation of reward and length %s, within pairs %s.",
                report.calibration().error(),
                number(report.length().correlation()),
                number(report.length().withinPairs())));
        LengthCorrection corrected = report.length().corrected();
        if (corrected != null) {
            note.append(String.format(
                    Locale.ROOT,
                    " With the linear part of length removed (%.3g a token, fitted on the other half of the pairs) the"
                            + " correlation is %s and the accuracy %.1f %%.",
                    corrected.fit().slope(),
                    number(corrected.correlation()),
                    100 * corrected.accuracy().rate()));
        }
        Proportion preferred = report.length().preferred();
        if (preferred != null) {
            note.append(String.format(
                    Locale.ROOT, " The longer answer is preferred in %.1f %% of pairs.", 100 * preferred.rate()));
        }
        if (report.marginCorrelation() != null) {
            note.append(" Correlation of the rows' margins and the differences of rewards ")
                    .append(number(report.marginCorrelation()))
                    .append('.');
        }
        TeacherAgreement teacher = report.teacher();
        if (teacher != null) {
            note.append(" Correlation with the teacher ")
                    .append(number(teacher.correlation()))
                    .append('.');
            if (teacher.distance() != null) {
                note.append(String.format(
                        Locale.ROOT,
                        " The model's probabilities are %.3f from the teacher's on average.",
                        teacher.distance()));
            }
        }
        return note.toString();
    }

    private static String number(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
