package ai.preceptor.cli.plan;

import ai.preceptor.cli.console.TextTable;
import ai.preceptor.rollout.RolloutPlan;
import ai.preceptor.rollout.RolloutSimulation;
import ai.preceptor.rollout.RolloutSimulation.SimulatedRun;
import ai.preceptor.rollout.SimulatedTimes;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/**
 * A policy run with several numbers of workers, in simulated time.
 *
 * @param parts seconds of a step's parts, with one worker
 * @param alone one process, which samples, scores and learns in turn
 * @param rows a number of workers each
 */
public record WorkerPlan(PartTimes parts, SimulatedRun alone, List<Row> rows) {
    private static final int STEPS = 200;
    private static final List<String> HEADER = List.of(
            "workers",
            "s/step",
            "speed-up",
            "learner busy",
            "workers busy",
            "waits for answers",
            "waits to publish",
            "staleness");

    /** With so many workers. */
    public record Row(int workers, SimulatedRun run) {}

    /** Copies the list. */
    public WorkerPlan {
        rows = List.copyOf(rows);
    }

    /**
     * What does not depend on the number of workers.
     *
     * @param prompts of a step
     * @param maxStaleness publications that an answer may lie behind
     * @param localScorers scorers in the learner's process; each worker has one more
     * @param parts seconds of a step's parts
     * @param spread of a prompt's sampling: standard deviation by mean
     * @param transfer seconds in which one worker fetches the weights
     * @param cores of one machine that all share; infinite where each process has its own
     * @param fixedShare share of {@code parts.sampling()} that a request of so many prompts takes beside its own part
     */
    public record Terms(
            int prompts,
            int maxStaleness,
            int localScorers,
            PartTimes parts,
            double spread,
            double transfer,
            double cores,
            IntToDoubleFunction fixedShare) {}

    /** Simulates them. */
    public static WorkerPlan of(Terms terms, List<Integer> workers) {
        PartTimes parts = terms.parts();
        RolloutPlan inTurn =
                RolloutPlan.builder().promptsPerStep(terms.prompts()).build();
        SimulatedTimes unpublished = new SimulatedTimes(
                parts.sampling(), 0, terms.spread(), parts.scoring(), parts.learning(), 0, 0, terms.cores());
        List<Row> rows = new ArrayList<>();
        for (int count : workers) {
            RolloutPlan plan = RolloutPlan.builder()
                    .promptsPerStep(terms.prompts())
                    .maxStaleness(terms.maxStaleness())
                    .build()
                    .dividedAmong(count);
            SimulatedTimes times = new SimulatedTimes(
                    parts.sampling(),
                    terms.fixedShare().applyAsDouble(plan.promptsPerRequest()),
                    terms.spread(),
                    parts.scoring(),
                    parts.learning(),
                    parts.publication(),
                    terms.transfer(),
                    terms.cores());
            rows.add(new Row(count, run(plan, count, terms.localScorers() + count, times)));
        }
        return new WorkerPlan(parts, run(inTurn, 1, terms.localScorers(), unpublished), rows);
    }

    private static SimulatedRun run(RolloutPlan plan, int generators, int scorers, SimulatedTimes times) {
        int warmUp = 4 * (plan.maxStaleness() + 1);
        return new RolloutSimulation(plan, generators, scorers, times).run(warmUp, STEPS);
    }

    /** The table: seconds, shares of time, publications. */
    public List<String> table() {
        List<List<String>> cells = new ArrayList<>();
        cells.add(cells("none", alone));
        rows.forEach(row -> cells.add(cells(Integer.toString(row.workers()), row.run())));
        return TextTable.lines(HEADER, cells);
    }

    private List<String> cells(String name, SimulatedRun run) {
        return List.of(
                name,
                Plan.seconds(run.stepTime()),
                String.format(Locale.ROOT, "%.2f", alone.stepTime() / run.stepTime()),
                percent(run.learner()),
                percent(run.generators()),
                Plan.seconds(run.waiting()),
                Plan.seconds(run.publishing()),
                String.format(Locale.ROOT, "%.2f", run.staleness()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /** All numbers: seconds, and shares of time. */
    public ArrayNode json() {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        add(json, 0, alone);
        rows.forEach(row -> add(json, row.workers(), row.run()));
        return json;
    }

    private static void add(ArrayNode json, int workers, SimulatedRun run) {
        json.addObject()
                .put("workers", workers)
                .put("step", run.stepTime())
                .put("learner", run.learner())
                .put("generators", run.generators())
                .put("scorers", run.scorers())
                .put("waiting", run.waiting())
                .put("publishing", run.publishing())
                .put("staleness", run.staleness());
    }
}
