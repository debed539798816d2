package ai.preceptor.cli.command.training;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.WorkerStudent;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.workers.ChunkStage;
import ai.preceptor.cli.command.workers.StageJob;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.OpenTools;
import ai.preceptor.cli.keys.cluster.WhenOver;
import ai.preceptor.cli.keys.cluster.WorkerConfig;
import ai.preceptor.cli.keys.training.SamplingJob;
import ai.preceptor.cli.keys.training.ScorerKeys;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.TeacherException;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.rollout.actor.ChunkWork;
import ai.preceptor.rollout.worker.WorkerHost;
import ai.preceptor.rollout.worker.WorkerNode;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Computes for a run in another process: samples and scores for a learner, or chunks of another stage. */
public final class WorkerCommand extends Command<WorkerConfig> {
    private final Supplier<List<ChunkStage<?, ?, ?>>> stages;

    /** @param stages whose chunks it can compute */
    public WorkerCommand(Supplier<List<ChunkStage<?, ?, ?>>> stages) {
        super(
                "worker",
                "computes for a run of another command in another process (its cluster.listen)",
                WorkerConfig.class);
        this.stages = stages;
    }

    @Override
    public void run(WorkerConfig keys, Terminal terminal) {
        Consumer<String> log = line -> terminal.err().println(name() + ": " + line);
        try (Preceptor preceptor = keys.device().open()) {
            WorkerHost host = (description, to) -> StageJob.stage(description).equals(WorkerJob.STAGE)
                    ? models(WorkerJob.parse(description), keys, preceptor, to)
                    : chunks(StageJob.parse(description), keys, preceptor);
            WorkerNode node = new WorkerNode(keys.cluster().setting(), host, log);
            // A signal ends this process at once, but for this.
            Runtime.getRuntime().addShutdownHook(new Thread(node::stop, "worker-leaves"));
            while (true) {
                WorkerNode.End end = node.serve();
                if (keys.whenOver() == WhenOver.EXIT && !end.over()) {
                    throw new TeacherException(end.reason());
                }
                log.accept(end.reason());
                if (keys.whenOver() == WhenOver.EXIT) {
                    return;
                }
                log.accept("waits for the next run");
            }
        }
    }

    private WorkerHost.WorkerRuntime chunks(StageJob job, WorkerConfig keys, Preceptor preceptor) {
        ChunkStage<?, ?, ?> stage = stages.get().stream()
                .filter(one -> one.name().equals(job.stage()))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("worker: computes nothing for " + job.stage()));
        return chunks(stage, job, keys, preceptor);
    }

    private static <K extends Record> WorkerHost.WorkerRuntime chunks(
            ChunkStage<K, ?, ?> stage, StageJob job, WorkerConfig keys, Preceptor preceptor) {
        K here = job.here(stage.keys(), keys);
        Supplier<ChunkWork> work = () -> {
            preceptor.bindThread();
            return stage.open(here, preceptor);
        };
        return new WorkerHost.ChunkRuntime(stage.digests(here), work, () -> {});
    }

    /** What one run of a learner needs here; closing it closes the student and its tools. */
    static WorkerHost.WorkerRuntime models(
            WorkerJob job, WorkerConfig keys, Preceptor preceptor, Consumer<String> log) {
        SamplingJob sampling = job.samplingHere(keys);
        ScorerKeys scorer = job.scoringHere(keys);
        if (scorer == null && keys.score()) {
            log.accept(
                    job.scoring() == null
                            ? "does not score: the run scores by itself, or not at all"
                            : "does not score: the run's scorer needs models that this worker does not have");
        }
        Map<String, String> digests = WorkerJob.digests(keys.model(), keys.adapter(), scorer, keys.tools());
        OpenTools tools = OpenTools.of(keys.tools(), sampling.tools());
        try {
            Student student = tools.given(
                    sampling.loading().files(keys.model()), () -> preceptor.student(keys.model(), sampling.loading()));
            WorkerHost.SamplingRuntime models = new WorkerStudent(student, new SamplingOptions(sampling.sampling(), 0))
                    .bench(digests, scorer == null ? null : scorers(scorer, sampling, preceptor));
            return new WorkerHost.SamplingRuntime(
                    models.digests(), models.engine(), models.scorers(), () -> close(models, tools));
        } catch (RuntimeException e) {
            tools.close();
            throw e;
        }
    }

    private static void close(WorkerHost.SamplingRuntime models, OpenTools tools) {
        try (tools) {
            models.closing().run();
        }
    }

    private static Supplier<Scorer> scorers(ScorerKeys scorer, SamplingJob sampling, Preceptor preceptor) {
        return () -> {
            preceptor.bindThread();
            return PolicyScorer.of(scorer, sampling.student().teacher(), preceptor, null);
        };
    }
}
