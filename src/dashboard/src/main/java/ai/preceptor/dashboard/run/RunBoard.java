package ai.preceptor.dashboard.run;

import ai.preceptor.train.experiment.Headline;
import ai.preceptor.train.experiment.RunSettingsReader;
import ai.preceptor.train.experiment.SeedGroup;
import ai.preceptor.train.run.RunStatus;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** All runs below a directory. Reads files: never on an event loop. Safe for several threads. */
public final class RunBoard {
    private static final int OPENED = 32;
    private static final long BUDGET = 8L << 20;
    private static final int LARGE_TEXT = 1 << 20;
    private static final long SCAN_PAUSE = 10;
    private static final long ENDED_PAUSE_NANOS = 3_000_000_000L;

    private final RunFinder finder;
    private final RunSettingsReader settings;
    private final Map<String, RunGlance> glances = new HashMap<>();
    private final Map<String, RunRow> rows = new TreeMap<>();
    private final Map<String, RunRow> changed = new TreeMap<>();
    private final Set<String> gone = new TreeSet<>();
    private final Map<String, Curves> opened = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Curves> eldest) {
            return size() > OPENED;
        }
    };
    private final LongSupplier nanoClock;
    private long nextScan;
    private long nextOfEnded;

    /**
     * @param root where runs lie; it need not be there yet
     * @param settings reads the configurations of runs
     * @throws IOException if it is something else than a directory
     */
    public RunBoard(Path root, RunSettingsReader settings) throws IOException {
        this(root, settings, System::nanoTime);
    }

    RunBoard(Path root, RunSettingsReader settings, LongSupplier nanoClock) throws IOException {
        this.settings = settings;
        this.nanoClock = nanoClock;
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new NotDirectoryException(root.toString());
        }
        this.finder = new RunFinder(
                Files.exists(root) ? root.toRealPath() : root.toAbsolutePath().normalize());
    }

    /** What has changed since an earlier {@link #takeChanges}. */
    public record Changes(List<RunRow> changed, List<String> gone) {
        /** Whether nothing has. */
        public boolean isEmpty() {
            return changed.isEmpty() && gone.isEmpty();
        }
    }

    /** Looks at all runs; at those that have ended, which may be resumed, every few seconds only. */
    public void refresh() {
        refresh(Liveness.here()); // the first time it asks for the machine's name, which may take long
    }

    /** As {@link #refresh}; returns what has changed since the last call of this, for the one consumer that notifies clients. */
    public Changes takeChanges() {
        return takeChanges(Liveness.here());
    }

    private synchronized Changes takeChanges(Liveness liveness) {
        refresh(liveness);
        Changes changes = new Changes(List.copyOf(changed.values()), List.copyOf(gone));
        changed.clear();
        gone.clear();
        return changes;
    }

    private synchronized void refresh(Liveness liveness) {
        find();
        long now = nanoClock.getAsLong();
        boolean isAtEnded = rows.isEmpty() || now - nextOfEnded >= 0;
        if (isAtEnded) {
            nextOfEnded = now + ENDED_PAUSE_NANOS;
        }
        glances.forEach((id, glance) -> {
            RunRow known = rows.get(id);
            if (known != null && !known.isRunning() && !isAtEnded) {
                return;
            }
            RunRow row = glance.look(liveness);
            if (!row.equals(rows.put(id, row))) {
                changed.put(id, row);
                gone.remove(id);
            }
        });
    }

    /** A tree that is slow to walk is walked seldom. */
    private void find() {
        long began = System.nanoTime();
        if (nextScan != 0 && began - nextScan < 0) {
            return;
        }
        Map<String, RunFolder> found = finder.find();
        List<String> missing =
                glances.keySet().stream().filter(id -> !found.containsKey(id)).toList();
        missing.forEach(id -> {
            glances.remove(id);
            rows.remove(id);
            opened.remove(id);
            changed.remove(id);
            gone.add(id);
        });
        found.forEach((id, folder) -> glances.computeIfAbsent(id, unknown -> new RunGlance(folder, settings)));
        long ended = System.nanoTime();
        nextScan = Math.max(1, ended + SCAN_PAUSE * (ended - began));
    }

    /** As of the last refresh. */
    public synchronized List<RunRow> rows() {
        return List.copyOf(rows.values());
    }

    /** The run of that id, if it was there at the last refresh; an id is never taken as a path. */
    public synchronized Optional<RunFolder> folder(String id) {
        return Optional.ofNullable(glances.get(id)).map(RunGlance::folder);
    }

    /** The row of that id. */
    public synchronized Optional<RunRow> row(String id) {
        return Optional.ofNullable(rows.get(id));
    }

    /**
     * Runs by draws of one experiment, as {@link SeedGroup} says; those that are not there are left out.
     *
     * @param ids in the order wanted
     */
    public synchronized List<RunGroup> groups(Collection<String> ids) {
        List<RunGlance> there = new ArrayList<>();
        ids.stream()
                .distinct()
                .forEach(id -> Optional.ofNullable(glances.get(id)).ifPresent(there::add));
        return SeedGroup.of(there).stream().map(RunBoard::group).toList();
    }

    private static RunGroup group(SeedGroup<RunGlance> group) {
        RunGlance repeated = group.repeated();
        return new RunGroup(
                group.runs().stream().map(run -> run.folder().id()).toList(),
                repeated == null ? null : repeated.folder().id());
    }

    /** All draws of the experiment that a run is one of, or repeats one of, in order; empty for a run that is not there. */
    public synchronized List<String> draws(String id) {
        List<RunGroup> all = groups(glances.keySet().stream().sorted().toList());
        String draw = all.stream()
                .filter(group -> group.runs().contains(id) && group.repeats() != null)
                .findFirst()
                .map(RunGroup::repeats)
                .orElse(id);
        return all.stream()
                .filter(group -> group.repeats() == null && group.runs().contains(draw))
                .findFirst()
                .map(RunGroup::runs)
                .orElse(List.of());
    }

    /** The most telling metrics of a run, of those that it has. */
    public synchronized List<String> headline(String id, Collection<String> metrics, int most) {
        RunGlance glance = glances.get(id);
        return Headline.among(glance == null ? "" : glance.command(), metrics, most).stream()
                .map(Headline::name)
                .toList();
    }

    /** A run's curves, as far as its file goes or a bound on what is read at a time. */
    public Optional<Curves> curves(String id) throws IOException {
        Optional<RunFolder> folder = folder(id);
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        Curves curves;
        synchronized (this) {
            curves = opened.computeIfAbsent(id, unknown -> new Curves(folder.get()));
        }
        curves.readOn(BUDGET);
        return Optional.of(curves);
    }

    /** A page of a run's samples; see {@link SampleFile#page}. */
    public Optional<ObjectNode> samples(String id, @Nullable Integer step, int from, int count) throws IOException {
        Optional<RunFolder> folder = folder(id);
        return folder.isEmpty() ? Optional.empty() : Optional.of(SampleFile.page(folder.get(), step, from, count));
    }

    /** Text of a run's {@code config.yaml}; empty if there is none. */
    public String config(RunFolder folder) {
        return folder.text(RunFolder.CONFIG, LARGE_TEXT).orElse("");
    }

    /** A run's {@code summary.json}; missing if there is none. */
    public JsonNode summary(RunFolder folder) {
        return folder.json(RunFolder.SUMMARY, LARGE_TEXT);
    }

    /** A run's {@code status.json}; missing if there is none. */
    public JsonNode status(RunFolder folder) {
        return folder.json(RunStatus.NAME, LARGE_TEXT);
    }
}
