package ai.preceptor.cli.report;

import ai.preceptor.rollout.actor.ActorStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Statistics of the actors that sampled and scored, in this process and in others. */
public final class ActorsChapter {
    private ActorsChapter() {}

    /** The chapter of a report. */
    public static Chapter of(List<ActorStats> actors) {
        List<List<String>> rows = new ArrayList<>();
        for (ActorStats use : actors) {
            rows.add(List.of(
                    use.actor(),
                    use.stage(),
                    use.remote() ? "another process" : "the learner's",
                    String.format(Locale.ROOT, "%.1f", use.presentSeconds()),
                    String.format(Locale.ROOT, "%.1f", use.busySeconds()),
                    String.format(Locale.ROOT, "%.0f %%", 100 * use.utilization()),
                    Long.toString(use.prompts()),
                    Long.toString(use.tokens())));
        }
        return new Chapter(
                "Actors",
                List.of(),
                List.of(
                        "actor",
                        "stage",
                        "process",
                        "seconds there",
                        "seconds busy",
                        "utilization",
                        "prompts",
                        "tokens"),
                rows,
                "Busy is time spent on requests that succeeded; utilization is its share of the time that the actor was"
                        + " there. Scoring is counted in prompts.");
    }
}
