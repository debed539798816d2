package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.report.MethodResult.WinRate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The methods of a recipe with rounds, round by round: what each round gained, and how far it has moved away from the
 * start.
 *
 * @param starts the student before the rounds, as each evaluation measured it; may be empty
 * @param rounds the methods of the rounds, in the order of these
 */
public record RoundsChapter(List<MethodResult> starts, List<RoundResult> rounds) {
    /**
     * A method of a round.
     *
     * @param round from 1
     * @param name the stage that trained it
     * @param result under its name with the round
     */
    public record RoundResult(int round, String name, MethodResult result) {}

    /** Copies the lists. */
    public RoundsChapter {
        starts = List.copyOf(starts);
        rounds = List.copyOf(rounds);
    }

    /** The start and all rounds. */
    public List<MethodResult> results() {
        return Stream.concat(starts.stream(), rounds.stream().map(RoundResult::result))
                .toList();
    }

    /**
     * Charts of win rate, teacher score, KL and rule scores by round, of those that were measured, and a table.
     *
     * @param table of methods
     */
    public Chapter chapter(Function<List<MethodResult>, Chapter> table) {
        Curve winRates = new Curve(
                "Win rate by round, with 95 % interval",
                "round", "win rate against the start", lines(round -> {
                    WinRate rate = round.result().winRate();
                    return rate == null ? null : new Point(round.round(), rate.rate(), rate.low(), rate.high());
                }));
        Curve teacherScores = scores("Teacher score", FigureColumn.TEACHER_SCORE);
        Curve divergences = new Curve("KL by round", "round", "KL to the start, nats per answer", lines(round -> {
            Double kl = round.result().value(FigureColumn.KL);
            return kl == null ? null : new Point(round.round(), kl);
        }));
        Chapter all = table.apply(results());
        List<Curve> curves = new ArrayList<>(List.of(winRates, teacherScores, divergences));
        FigureColumn.of(results()).stream()
                .filter(FigureColumn::isRule)
                .forEach(column -> curves.add(
                        scores(column.equals(FigureColumn.RULE_SCORE) ? "Rule score" : column.title(), column)));
        return new Chapter("Rounds", curves, all.header(), all.rows(), all.note());
    }

    private Curve scores(String title, FigureColumn column) {
        return new Curve(title + " by round", "round", column.title(), lines(round -> {
            Double score = round.result().value(column);
            return score == null ? null : new Point(round.round(), score);
        }));
    }

    private List<Line> lines(Function<RoundResult, @Nullable Point> place) {
        Map<String, List<Point>> points = new LinkedHashMap<>();
        for (RoundResult round : rounds) {
            Point point = place.apply(round);
            if (point != null) {
                points.computeIfAbsent(round.name(), name -> new ArrayList<>()).add(point);
            }
        }
        return points.entrySet().stream()
                .map(line -> new Line(line.getKey(), line.getValue()))
                .toList();
    }
}
