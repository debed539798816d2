package ai.preceptor.cli.plan;

import ai.preceptor.cli.console.TextTable;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Ways to train one model, side by side.
 *
 * @param job what is trained
 * @param machine on what
 * @param rows a way each
 */
public record Plan(Job job, Machine machine, List<PlanRow> rows) {
    private static final double GIB = 1L << 30;

    private static final List<Column> COLUMNS = List.of(
            new Column("weights", row -> row.models().weights()),
            new Column("gradients", row -> row.models().gradients()),
            new Column("states", row -> row.models().states()),
            new Column("reference", row -> row.models().reference()),
            new Column("critic", row -> row.models().critic()),
            new Column("teacher", row -> row.models().teacher()),
            new Column("activations", row -> row.activations().sum()),
            new Column("kv_cache", PlanRow::cache),
            new Column("process", PlanRow::process),
            new Column("peak", PlanRow::peak));

    /** A part of memory. */
    private record Column(String name, ToLongFunction<PlanRow> bytes) {}

    /** Copies the list. */
    public Plan {
        rows = List.copyOf(rows);
    }

    /**
     * Plans full training and an adapter, each with and without checkpointing, and on several devices data parallel and ZeRO-1.
     *
     * @param adapter numbers of the adapter
     */
    public static Plan of(Job job, long adapter, Machine machine) {
        List<Way> ways = new ArrayList<>(List.of(
                new Way("full", 0, false, 1, false),
                new Way("full, checkpointing", 0, true, 1, false),
                new Way("adapter", adapter, false, 1, false),
                new Way("adapter, checkpointing", adapter, true, 1, false)));
        int learners = machine.devices();
        if (learners > 1) {
            ways.add(new Way("full, learners=" + learners, 0, false, learners, false));
            ways.add(new Way("full, divide_optimizer, learners=" + learners, 0, false, learners, true));
            ways.add(new Way("the same, checkpointing", 0, true, learners, true));
            ways.add(new Way("adapter, learners=" + learners, adapter, false, learners, false));
        }
        return new Plan(
                job,
                machine,
                ways.stream().map(way -> PlanRow.of(job, way, machine)).toList());
    }

    /** The first way on one device that fits, or the very first. */
    public PlanRow first() {
        return rows.stream()
                .filter(row -> row.fits() && row.way().learners() == 1)
                .findFirst()
                .orElse(rows.get(0));
    }

    /** The table: GiB of each device, whether it fits, seconds of a step. Columns that are 0 in all rows are left out. */
    public List<String> table() {
        List<Column> shown = COLUMNS.stream()
                .filter(column -> rows.stream().anyMatch(row -> column.bytes().applyAsLong(row) > 0))
                .toList();
        List<String> header = new ArrayList<>(List.of("GiB a device"));
        shown.forEach(column -> header.add(column.name().replace('_', ' ')));
        header.addAll(List.of("fits", "s/step"));
        List<List<String>> cells = new ArrayList<>();
        for (PlanRow row : rows) {
            List<String> line = new ArrayList<>(List.of(row.way().name()));
            shown.forEach(column -> line.add(gib(column.bytes().applyAsLong(row))));
            line.add(row.fits() ? "yes" : "no");
            line.add(seconds(row.time().sum()));
            cells.add(line);
        }
        return TextTable.lines(header, cells);
    }

    /** All numbers: bytes and seconds. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("parameters", job.student().parameters())
                .put("tokens_per_step", job.batch().tokens() * job.microBatches());
        json.putObject("device")
                .put("name", machine.name())
                .put("memory", machine.memory())
                .put("operations_per_second", machine.operations())
                .put("bandwidth", machine.bandwidth())
                .put("utilization", machine.utilization())
                .put("count", machine.devices());
        for (PlanRow row : rows) {
            ObjectNode one =
                    json.withArray("rows").addObject().put("training", row.way().name());
            ObjectNode bytes = one.put("fits", row.fits()).putObject("bytes");
            COLUMNS.forEach(column -> bytes.put(column.name(), column.bytes().applyAsLong(row)));
            StepTime time = row.time();
            one.putObject("seconds")
                    .put("training", time.training())
                    .put("frozen", time.frozen())
                    .put("rollout", time.rollout())
                    .put("optimizer", time.optimizer())
                    .put("exchange", time.exchange())
                    .put("step", time.sum());
        }
        return json;
    }

    /** Bytes in GiB, with the digits that matter. */
    public static String gib(long bytes) {
        return String.format(Locale.ROOT, bytes < 10 * GIB ? "%.2f" : "%.1f", bytes / GIB);
    }

    /** Seconds, with the digits that matter. */
    public static String seconds(double value) {
        return String.format(Locale.ROOT, value < 1 ? "%.3f" : value < 100 ? "%.2f" : "%.0f", value);
    }
}
