package ai.preceptor.cli.command;

import ai.preceptor.Preceptor;
import ai.preceptor.cli.card.CardRun;
import ai.preceptor.cli.card.DatasetCard;
import ai.preceptor.cli.card.ModelCard;
import ai.preceptor.cli.command.learners.LearnersRun;
import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.console.TrainingProgress;
import ai.preceptor.cli.console.Watched;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.RunIdentity;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.TextKeys;
import ai.preceptor.cli.keys.learners.HasLearners;
import ai.preceptor.cli.keys.learners.LearnersKeys;
import ai.preceptor.cli.keys.training.LoraKeys;
import ai.preceptor.cli.keys.watch.HasTrackers;
import ai.preceptor.cli.metrics.LiveMeters;
import ai.preceptor.cli.plugin.OwnPart;
import ai.preceptor.cli.plugin.SourceFile;
import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.DataRow;
import ai.preceptor.cli.report.ReportModel;
import ai.preceptor.cli.report.ReportPage;
import ai.preceptor.cli.report.StageReport;
import ai.preceptor.cli.runs.ConfigReader;
import ai.preceptor.cli.runs.OwnParts;
import ai.preceptor.cli.runs.RunFolder;
import ai.preceptor.dashboard.DashboardOptions;
import ai.preceptor.dashboard.DashboardServer;
import ai.preceptor.dashboard.judge.JudgeInstructions;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.hub.HubName;
import ai.preceptor.hub.HubSnapshot;
import ai.preceptor.remote.RemoteStudent;
import ai.preceptor.tinker.TinkerSettings;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainSummary;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunSpec;
import ai.preceptor.train.run.RunStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The common parts of every training command: the run directory, progress and the report. */
public final class StageRun implements AutoCloseable {
    private final String command;
    private final String name;
    private final Record keys;
    private final Terminal terminal;
    private final RunDirectory directory;
    private final RunWatch watch;
    private final @Nullable DashboardServer page;
    private final LearnersRun learners;
    private final List<DataRow> data = new ArrayList<>();

    /** What a run has open. */
    private record Opened(
            RunDirectory directory,
            RunWatch watch,
            @Nullable DashboardServer page,
            LearnersRun learners) {}

    private StageRun(String command, Record keys, Terminal terminal, Opened opened) {
        this.command = command;
        this.name = terminal.label(command);
        this.keys = keys;
        this.terminal = terminal;
        this.directory = opened.directory();
        this.watch = opened.watch();
        this.page = opened.page();
        this.learners = opened.learners();
    }

    /**
     * Opens the run directory; errors are reported before a model loads.
     *
     * @param name of the command; a stage of a recipe is called by its own name
     * @param keys its configuration
     * @param output says where
     * @param training its training keys
     */
    public static StageRun open(String name, Record keys, OutputKeys output, TrainConfig training, Terminal terminal) {
        Resolved resolved = new Resolved(keys);
        RunSpec spec = training.runSpec(text(resolved), identity(name, keys, output))
                .withDefaults(Resolved.defaults(keys.getClass()));
        return open(name, keys, output, spec, terminal);
    }

    /** The same for a command that trains nothing. */
    public static StageRun open(String name, Record keys, OutputKeys output, boolean resume, Terminal terminal) {
        Resolved resolved = new Resolved(keys);
        RunSpec spec = new RunSpec(text(resolved), identity(name, keys, output), resume, 0)
                .withDefaults(Resolved.defaults(keys.getClass()));
        return open(name, keys, output, spec, terminal);
    }

    /** Where it prints. */
    public Terminal terminal() {
        return terminal;
    }

    private static Map<String, String> identity(String name, Record keys, OutputKeys output) {
        Map<String, String> identity = RunIdentity.of(keys);
        return RunFolder.recipeOf(directory(name, output))
                .map(recipe -> RunIdentity.inRecipe(identity, recipe))
                .orElse(identity);
    }

    private static Path directory(String name, OutputKeys output) {
        return output.directory(name, Clock.system(ZoneId.systemDefault()));
    }

    private static StageRun open(String name, Record keys, OutputKeys output, RunSpec spec, Terminal terminal) {
        Path path = directory(name, output);
        LearnersKeys asked = keys instanceof HasLearners several ? several.learners() : LearnersKeys.ONE;
        LearnersRun learners = LearnersRun.of(asked, name, path);
        String label = terminal.label(name);
        if (learners.isFollower()) {
            return new StageRun(name, keys, terminal, ofFollower(name, spec, learners, terminal));
        }
        RunStatus.requireCommand(path, name);
        Map<String, SourceFile> sources = sources(new Resolved(keys).ownParts());
        RunWatch watch = RunWatch.open(name, keys, path, terminal, System.getenv());
        RunDirectory directory = null;
        DashboardServer page;
        try {
            directory = RunDirectory.open(path, spec);
            keep(sources, path.resolve(OwnParts.KEPT));
            directory.status().running(name, label);
            directory.status().meters(new LiveMeters(watch.registry()));
            page = page(name, keys, path);
        } catch (RuntimeException e) {
            watch.close();
            if (directory != null) {
                directory.ended(e);
                directory.close();
            }
            throw e;
        }
        terminal.err().println(label + ": writing " + path);
        if (page != null) {
            terminal.err().println(label + ": live page at " + page.url() + "run?id=.");
        }
        return new StageRun(name, keys, terminal, new Opened(directory, watch, page, learners));
    }

    /** Of a learner whose run directory another one writes: what it would leave there is written aside, and removed. */
    private static Opened ofFollower(String name, RunSpec spec, LearnersRun learners, Terminal terminal) {
        RunDirectory directory = RunDirectory.open(learners.aside(), spec);
        RunWatch watch = RunWatch.open(name, new Unwatched(), directory.path(), terminal, Map.of());
        return new Opened(directory, watch, null, learners);
    }

    /** Keys of a run that nobody watches. */
    private record Unwatched() {}

    /** The live page of this run alone, if it is asked for. */
    private static @Nullable DashboardServer page(String command, Record keys, Path path) {
        if (keys instanceof HasTrackers watched && watched.watch().page().dashboard()) {
            int port = watched.watch().page().dashboardPort();
            return DashboardServer.start(
                    new DashboardOptions(path, "127.0.0.1", port).withPortKey("dashboard_port"),
                    new ConfigReader(Map.of(command, keys.getClass())),
                    List.of(new JudgeInstructions()));
        }
        return null;
    }

    /** Where meters of this run are registered. */
    public MeterRegistry meters() {
        return watch.registry();
    }

    /** The configuration as YAML, with the digests of the user's own parts as comments. */
    private static String text(Resolved resolved) {
        return OwnParts.comments(resolved.ownParts()) + resolved.toYaml();
    }

    /** Sources of the user's own parts by the names under which they are kept. */
    private static Map<String, SourceFile> sources(Map<String, OwnPart> parts) {
        Map<String, SourceFile> sources = new LinkedHashMap<>();
        parts.forEach((key, part) -> part.source().ifPresent(source -> {
            SourceFile other = sources.put(source.fileName(), source);
            if (other != null && !other.sha256().equals(source.sha256())) {
                throw new ConfigurationException(key + ": expected another name than that of " + other.path()
                        + ", next to which the run keeps it, found " + source.path());
            }
        }));
        return sources;
    }

    /** Writes them as they were compiled. */
    private static void keep(Map<String, SourceFile> sources, Path directory) {
        if (!sources.isEmpty()) {
            AtomicFiles.requireWritable(directory);
        }
        sources.forEach((name, source) -> AtomicFiles.writeString(directory.resolve(name), source.text()));
    }

    /** Opens the device that a student is to be trained on, and tells once where its element type is slow there. */
    public Preceptor open(DeviceKeys device, StudentKeys student) {
        learners.join(device);
        Preceptor preceptor = learners.open(device);
        try {
            new DtypeNotice(terminal).check(preceptor.torch(), student.dtype());
            return preceptor;
        } catch (RuntimeException e) {
            preceptor.close();
            throw e;
        }
    }

    /** Opens the student that a service is to train. */
    public RemoteStudent openRemote(
            StudentKeys student, TextKeys text, TinkerSettings service, LoraKeys lora, TrainConfig training) {
        return RemoteStudent.open(
                student.model(), text.promptBoundary(), service, lora.rank(), training, terminal.interrupt());
    }

    /** Reads the rows that keys ask for, and tells what became of them. */
    public <R> List<R> rows(DataKeys keys, RowFormat.Reader<R> reader) {
        List<R> all = rows(keys.data(), reader.read(keys.data(), keys.limit(), keys.onBadRow()));
        List<R> part = keys.shard().of(all);
        if (part.isEmpty()) {
            throw new DataException(keys.data() + ": has " + all.size() + " usable rows, and none in part "
                    + keys.shard().dataShard() + " of " + keys.shard().dataShards() + " (data_shard)");
        }
        return part;
    }

    /** Reports the counts of a file's rows, here and in the report. */
    public <R> List<R> rows(Path file, Dataset<R> dataset) {
        terminal.err().println(file + ": " + dataset.report().summary());
        dataset.report().skipped().forEach(line -> terminal.err().println("  skipped " + line));
        data.add(new DataRow(file.toString(), dataset.report()));
        return dataset.rows();
    }

    /** Where the loop leaves its results; Ctrl-C stops it. */
    public LoopSetting setting(List<String> watched) {
        return setting(Watched.beside(watched));
    }

    /** The same with metrics that are shown before the loss. */
    public LoopSetting setting(Watched watched) {
        LoopSetting setting = LoopSetting.of(
                learners.store(directory),
                terminal.interrupt(),
                new TrainingProgress(terminal, name, watched, System::nanoTime));
        return setting.hearing(watch.listener(setting.interrupt()))
                .among(learners.learners(), learners.dividesOptimizer());
    }

    /** Adds a line to {@code samples.jsonl}. */
    public void sample(Map<String, ? extends @Nullable Object> row) {
        directory.samples().append(row);
    }

    /**
     * Writes {@code summary.json} and {@code report.html} and says how it went.
     *
     * @param measured further figures, by the names they have in the summary
     */
    public void finish(TrainSummary summary, Map<String, ?> measured) {
        finish(summary, measured, List.of());
    }

    /** The same, with further parts of the report. */
    public void finish(TrainSummary summary, Map<String, ? extends @Nullable Object> measured, List<Chapter> chapters) {
        if (learners.isFollower()) {
            return;
        }
        Map<String, @Nullable Object> row = new LinkedHashMap<>(summary.row());
        row.putAll(measured);
        StageReport report = StageReport.of(name, command, path("metrics.jsonl"), row);
        terminal.out().println(report.sentence());
        terminal.out().println("model   " + directory.model());
        write(row, report.model(chapters, data, config()));
        ModelCard card = new ModelCard(new CardRun(command, keys, data, row), directory.model());
        sayKept(card.write(), directory.model());
        watch.done();
    }

    /** Writes {@code summary.json} and {@code report.html}. */
    public void write(Map<String, ? extends @Nullable Object> summary, ReportModel report) {
        Map<String, @Nullable Object> whole = new LinkedHashMap<>(summary);
        Map<String, Object> sources = sources();
        if (!sources.isEmpty()) {
            whole.put("sources", sources);
        }
        directory.writeSummary(whole);
        Path page = path("report.html");
        new ReportPage(report).write(page);
        terminal.out().println("report  " + page);
    }

    /**
     * Writes the card of the rows in the run directory.
     *
     * @param figures of the summary
     * @param files of rows that there may be, the main one first
     */
    public void card(Map<String, ? extends @Nullable Object> figures, List<String> files) {
        DatasetCard card = new DatasetCard(new CardRun(command, keys, data, figures), directory.path(), files);
        sayKept(card.write(), directory.path());
    }

    private void sayKept(boolean written, Path place) {
        if (!written) {
            terminal.err()
                    .println(name + ": " + place.resolve("README.md")
                            + " was not written by Preceptor, or was changed; not overwritten");
        }
    }

    /** Repository and commit of what came from the Hub, by key. */
    private Map<String, Object> sources() {
        Map<String, Object> sources = new LinkedHashMap<>();
        new Resolved(keys).toMap().forEach((key, value) -> {
            List<?> values = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
            List<String> origins = values.stream()
                    .flatMap(one -> HubSnapshot.origins(one.toString()).stream())
                    .map(HubName::repoAtRevision)
                    .distinct()
                    .toList();
            if (!origins.isEmpty()) {
                sources.put(key, origins.size() == 1 ? origins.get(0) : origins);
            }
        });
        return sources;
    }

    /** A file of the run directory. */
    public Path path(String file) {
        return directory.path().resolve(file);
    }

    /** The checkpoint that the run goes on from; empty at its start. */
    public Optional<Path> checkpoint() {
        return directory.checkpoint();
    }

    /** Counts of the rows read so far. */
    public List<DataRow> data() {
        return List.copyOf(data);
    }

    /** The resolved configuration as YAML. */
    public String config() {
        return text(new Resolved(keys));
    }

    /** Does the command's work, notes in {@code status.json} how it ended, and closes the run directory. */
    public void work(Consumer<StageRun> body) {
        try (StageRun open = this) {
            open.noteEnd(body);
        }
    }

    private void noteEnd(Consumer<StageRun> body) {
        RunStatus status = directory.status();
        try {
            body.accept(this);
            status.ended(RunStatus.State.FINISHED, null);
        } catch (RuntimeException | Error e) {
            status.ended(
                    e instanceof InterruptedRunException ? RunStatus.State.STOPPED : RunStatus.State.FAILED,
                    Objects.requireNonNullElse(e.getMessage(), e.toString()));
            throw e;
        }
    }

    @Override
    public void close() {
        try (LearnersRun closedLast = learners;
                RunDirectory closedSecond = directory;
                DashboardServer closedBefore = page) {
            learners.leave();
            watch.close();
        }
    }
}
