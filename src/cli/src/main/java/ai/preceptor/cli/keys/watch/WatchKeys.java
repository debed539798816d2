package ai.preceptor.cli.keys.watch;

import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.track.type.TrackerType;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a training run is watched. */
public record WatchKeys(
        @Key(help = "experiment trackers that receive the metrics during the run", effect = KeyEffect.NONE) @Nullable
        List<TrackerType> reportTo,

        @Group(title = "Live page") DashboardKeys page,
        @Group(title = "Meters") MeterKeys meters) {
    /** Refuses a tracker that is given twice. */
    public WatchKeys {
        Refusals refusals = Refusals.of(WatchKeys.class, reportTo, page, meters);
        if (reportTo != null && new HashSet<>(reportTo).size() < reportTo.size()) {
            refusals.refuse("report_to", "expected different trackers, found " + KeyName.shown(reportTo));
        }
        refusals.throwIfAny();
        reportTo = reportTo == null ? null : List.copyOf(reportTo);
    }

    /** Trackers; empty for none. */
    public List<TrackerType> trackers() {
        return reportTo == null ? List.of() : reportTo;
    }
}
