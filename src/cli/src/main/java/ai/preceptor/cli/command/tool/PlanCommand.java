package ai.preceptor.cli.command.tool;

import ai.preceptor.Preceptor;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.PlanConfig;
import ai.preceptor.cli.keys.inference.PlanMachineKeys;
import ai.preceptor.cli.keys.inference.PlanMethod;
import ai.preceptor.cli.keys.inference.PlanWorkerKeys;
import ai.preceptor.cli.plan.Batch;
import ai.preceptor.cli.plan.Job;
import ai.preceptor.cli.plan.Machine;
import ai.preceptor.cli.plan.ModelSize;
import ai.preceptor.cli.plan.PartTimes;
import ai.preceptor.cli.plan.Plan;
import ai.preceptor.cli.plan.PlanRow;
import ai.preceptor.cli.plan.StepTime;
import ai.preceptor.cli.plan.WorkerPlan;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.io.ModelJson;
import ai.preceptor.lm.MatmulSpeeds;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.lm.weights.Precision;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Estimates memory and time of training a model that is not loaded. */
public final class PlanCommand extends Command<PlanConfig> {
    private static final double TERA = 1e12;
    private static final double GIGA = 1e9;
    private static final long GIB = 1L << 30;
    private static final Duration MEASURED = Duration.ofMillis(300);

    /** What a run takes beside its tensors: Java, libtorch (docs/scale.md). */
    private static final long PROCESS = 350L << 20;

    private static final int COPIED_FLOATS = 16 << 20;
    private static final int COPIES = 5;

    public PlanCommand() {
        super(
                "plan",
                "estimates memory and time of training a model, from its configuration: full, adapter, several GPUs",
                PlanConfig.class);
    }

    @Override
    public List<String> help() {
        List<String> lines = new ArrayList<>(
                List.of("", "\"preceptor doctor plan\" is the same. docs/scale.md has the formulas and their error."));
        lines.addAll(super.help());
        return lines;
    }

    @Override
    public void run(PlanConfig keys, Terminal terminal) {
        Job job = job(keys);
        Plan plan = Plan.of(job, job.student().adapter(keys.targets(), keys.loraR()), machine(keys));
        WorkerPlan workers = keys.simulation().workers() == null ? null : simulated(keys, plan);
        print(keys, plan, terminal);
        if (workers != null) {
            print(keys, workers, terminal);
        }
        if (keys.output() != null) {
            ObjectNode json = plan.json();
            if (workers != null) {
                json.set("workers", workers.json());
            }
            ModelJson.write(keys.output(), json);
        }
    }

    /** With the first way that fits, all else being equal. */
    private static WorkerPlan simulated(PlanConfig keys, Plan plan) {
        PlanWorkerKeys given = keys.simulation();
        PlanRow row = plan.first();
        PartTimes parts =
                given.run() == null ? PartTimes.estimated(row.time()) : PartTimes.measured(given.run(), keys.prompts());
        Double fixed = given.samplingFixedShare();
        return WorkerPlan.of(
                new WorkerPlan.Terms(
                        keys.prompts(),
                        given.maxStaleness(),
                        given.scorerInstances(),
                        parts.with(
                                given.samplingTime(),
                                given.scoringTime(),
                                given.learningTime(),
                                given.publicationTime()),
                        given.samplingSpread(),
                        row.publishedBytes(plan.job()) / plan.machine().link(),
                        given.sharedCores(),
                        request -> fixed == null
                                ? StepTime.fixedRollout(plan.job(), plan.machine(), (double) request / keys.prompts())
                                : fixed),
                Objects.requireNonNull(given.workers(), "asked for"));
    }

    private static Job job(PlanConfig keys) {
        ModelSize student = size(keys.model());
        boolean policy = keys.method() == PlanMethod.POLICY;
        return new Job(
                keys.method() == PlanMethod.REWARD ? student.scoring() : student,
                keys.teacher() == null ? null : size(keys.teacher()),
                batch(keys),
                keys.gradientAccumulationSteps(),
                keys.dtype(),
                keys.comparesWithReference(),
                keys.critic(),
                policy,
                keys.forwardsExactly());
    }

    private static Batch batch(PlanConfig keys) {
        boolean policy = keys.method() == PlanMethod.POLICY;
        int answers = policy ? Math.min(keys.answers(), keys.batchSize()) : keys.answers();
        int prompts = policy ? keys.batchSize() / answers : keys.batchSize();
        return new Batch(prompts, answers, keys.promptTokens(), keys.answerTokens());
    }

    private static ModelSize size(Path model) {
        return ModelSize.of(DecoderConfig.read(ModelSource.of(model).base()));
    }

    private static Machine machine(PlanConfig keys) {
        PlanMachineKeys given = keys.machine();
        double link = given.linkBandwidth() * GIGA;
        if (given.gpus() > 0) {
            return new Machine(
                    given.gpus() + (given.gpus() == 1 ? " GPU" : " GPUs"),
                    (long) (Objects.requireNonNull(given.gpuMemory(), "checked") * GIB),
                    Objects.requireNonNull(given.gpuPeak(), "checked") * TERA,
                    Objects.requireNonNullElse(given.gpuPeakFloat32(), given.gpuPeak()) * TERA,
                    Objects.requireNonNull(given.gpuBandwidth(), "checked") * GIGA,
                    link,
                    given.utilization(),
                    given.gpus(),
                    PROCESS);
        }
        try (Preceptor preceptor = keys.device().open()) {
            MatmulSpeeds speeds = MatmulSpeeds.measure(preceptor.torch(), MEASURED);
            return new Machine(
                    "this machine's " + preceptor.torch().device(),
                    hostMemory(),
                    speeds.of(keys.dtype()),
                    speeds.float32(),
                    hostBandwidth(),
                    link,
                    given.utilization(),
                    1,
                    PROCESS);
        }
    }

    private static long hostMemory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Long.MAX_VALUE;
    }

    /** Bytes a second that a copy reads and writes, the fastest of a few. */
    private static double hostBandwidth() {
        float[] from = new float[COPIED_FLOATS];
        float[] to = new float[COPIED_FLOATS];
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < COPIES; i++) {
            long began = System.nanoTime();
            System.arraycopy(from, 0, to, 0, from.length);
            fastest = Math.min(fastest, System.nanoTime() - began);
        }
        return 2.0 * Float.BYTES * COPIED_FLOATS / fastest * GIGA;
    }

    private static void print(PlanConfig keys, Plan plan, Terminal terminal) {
        Job job = plan.job();
        Machine machine = plan.machine();
        say(
                terminal,
                "%s: %,d parameters, %s in %s; %,d tokens a step",
                keys.model().getFileName(),
                job.student().parameters(),
                keys.method().name().toLowerCase(Locale.ROOT),
                name(keys.dtype()),
                job.batch().tokens() * job.microBatches());
        say(
                terminal,
                "%s: %s GiB each, %.4g TFLOP/s at the peak, of which %.0f %% count, %.4g GB/s",
                machine.name(),
                Plan.gib(machine.memory()),
                machine.operations() / TERA,
                100 * machine.utilization(),
                machine.bandwidth() / GIGA);
        terminal.out().println();
        plan.table().forEach(terminal.out()::println);
        if (keys.gradientAccumulationSteps() < machine.devices()) {
            terminal.out().println();
            say(
                    terminal,
                    "gradient_accumulation_steps=%d: learners take whole micro-batches, so %d of %d have none",
                    keys.gradientAccumulationSteps(),
                    machine.devices() - keys.gradientAccumulationSteps(),
                    machine.devices());
        }
    }

    private static void print(PlanConfig keys, WorkerPlan workers, Terminal terminal) {
        PartTimes parts = workers.parts();
        terminal.out().println();
        say(
                terminal,
                "Simulated: %d prompts a step, max_staleness=%d; %s s of sampling, %s of scoring, %s of learning, %s to publish",
                keys.prompts(),
                keys.simulation().maxStaleness(),
                Plan.seconds(parts.sampling()),
                Plan.seconds(parts.scoring()),
                Plan.seconds(parts.learning()),
                Plan.seconds(parts.publication()));
        terminal.out().println();
        workers.table().forEach(terminal.out()::println);
    }

    private static String name(Precision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }

    private static void say(Terminal terminal, String format, Object... values) {
        terminal.out().println(String.format(Locale.ROOT, format, values));
    }
}
