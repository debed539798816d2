package ai.preceptor.train.rows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A data set walked in epochs, as transformers' trainer walks it: micro-batches of {@code batch_size} rows,
 * {@code gradient_accumulation_steps} of them a step; what is left at the end of an epoch makes a smaller micro-batch
 * and a smaller step, and no step reaches into the next epoch.
 *
 * <p>The rows of a step are a pure function of (data, seed, step), so nothing has to be saved.
 */
public final class EpochRows<R> implements RowSource<R> {

    private final List<R> rows;
    private final List<Integer> positions;
    private final int batchSize;
    private final int rowsPerStep;
    private final boolean shuffle;
    private final long seed;
    private final Map<String, String> identity;
    private int orderEpoch = -1;
    private int[] order = {};

    /**
     * @param data the rows, none of them too long for the run
     * @param batchSize rows that go through the model together, {@code >= 1}
     * @param accumulation micro-batches of an optimizer step, {@code >= 1}
     * @param shuffle whether each epoch has its own order; else the order of {@code data}
     * @param seed of the orders
     * @throws IllegalArgumentException when a number is below 1 or there is no row
     */
    public EpochRows(TrainingRows<R> data, int batchSize, int accumulation, boolean shuffle, long seed) {
        if (batchSize < 1 || accumulation < 1 || data.rows().isEmpty()) {
            throw new IllegalArgumentException("batch_size " + batchSize + ", gradient_accumulation_steps "
                    + accumulation + ", rows " + data.rows().size() + ", legal: each 1 or more");
        }
        this.rows = data.rows();
        this.positions = data.positions();
        // More than all rows is all rows, which keeps every place below within an int.
        this.batchSize = Math.min(batchSize, rows.size());
        this.rowsPerStep = (int) Math.min(rows.size(), (long) batchSize * accumulation);
        this.shuffle = shuffle;
        this.seed = seed;
        this.identity = new LinkedHashMap<>();
        identity.put("rows", Integer.toString(rows.size()));
        identity.put("rows_checksum", Long.toHexString(data.checksum()));
    }

    @Override
    public StepRows<R> at(int step) {
        int perEpoch = stepsPerEpoch();
        int epoch = step / perEpoch;
        int from = (step % perEpoch) * rowsPerStep;
        int to = from + Math.min(rows.size() - from, rowsPerStep);
        int[] places = order(epoch);
        List<MicroBatch<R>> batches = new ArrayList<>();
        for (int start = from, end; start < to; start = end) {
            end = start + Math.min(to - start, batchSize);
            List<R> batch = new ArrayList<>();
            List<Integer> origins = new ArrayList<>();
            for (int i = start; i < end; i++) {
                batch.add(rows.get(places[i]));
                origins.add(positions.get(places[i]));
            }
            batches.add(new MicroBatch<>(batch, origins));
        }
        return new StepRows<>(batches, epoch + (double) to / rows.size());
    }

    @Override
    public int stepsPerEpoch() {
        return (rows.size() - 1) / rowsPerStep + 1;
    }

    @Override
    public Map<String, String> identity() {
        return identity;
    }

    private int[] order(int epoch) {
        if (epoch != orderEpoch) {
            order = shuffle ? Permutation.of(rows.size(), seed, epoch) : Permutation.identity(rows.size());
            orderEpoch = epoch;
        }
        return order;
    }
}
