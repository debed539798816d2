package ai.preceptor.lm.generate;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.DecoderWeights;
import ai.preceptor.lm.torch.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Decodes a stream of samples with a fixed number of rows: a row that finishes is taken by the next waiting sample, or
 * else by the last busy row, so that busy rows stay neighbours.
 *
 * <p>Everything runs on the thread that calls, which must be bound to the device.
 */
final class DecodeEngine implements AutoCloseable {
    private final Scope scope;
    private final DecodeKernels kernels;
    private final RowCache cache;
    private final Rows rows;
    private final int prefillTokens;
    private final Deque<Sample> waiting = new ArrayDeque<>();
    private List<Sample> order = List.of();
    private Scope settingsScope;
    private RowSettings settings;
    private boolean rowsChanged;
    private long prefilledTokens;

    /**
     * @param rows samples decoded together
     * @param capacity most tokens of a prompt and its completion
     * @param prefillTokens most prompt tokens computed together, but for a longer prompt
     */
    DecodeEngine(DecoderWeights weights, int rows, int capacity, int prefillTokens) {
        this.scope = weights.torch().scope();
        this.kernels = new DecodeKernels(weights, scope, capacity);
        this.rows = new Rows(rows);
        this.prefillTokens = prefillTokens;
        this.settingsScope = scope.sub();
        this.settings = RowSettings.of(settingsScope, order);
        NDArray matrix = weights.projections().get(0);
        int columns = AttentionGroups.padded(capacity);
        this.cache = new RowCache(weights.torch().kernels(), scope, matrix, weights.config(), rows, columns);
    }

    /** Queues samples; those of one prompt should be neighbours, so that its prefill is not held for long. */
    void submit(List<Sample> samples) {
        waiting.addAll(samples);
    }

    /** Whether nothing is left to do. */
    boolean isIdle() {
        return waiting.isEmpty() && rows.isEmpty();
    }

    /** Prompt tokens computed so far. */
    long prefilledTokens() {
        return prefilledTokens;
    }

    /**
     * Fills free rows, then computes one token of every busy row.
     *
     * @return the samples that finished
     */
    List<Sample> step() {
        List<Sample> finished = new ArrayList<>();
        while (!rows.isFull() && !waiting.isEmpty()) {
            admit();
            rows.retire(finished);
            rowsChanged = true;
        }
        if (!rows.isEmpty()) {
            refreshOrder();
            try (Scope step = scope.sub()) {
                take(kernels.step(step, order, cache, settings), order);
            }
            rowsChanged = rows.retire(finished);
        }
        return finished;
    }

    /** Gives free rows to waiting samples of one prefill and draws their first tokens. */
    private void admit() {
        Prefill prefill = prefillOf(waiting.getFirst().prompt());
        List<Sample> admitted = new ArrayList<>();
        while (!rows.isFull()
                && !waiting.isEmpty()
                && waiting.getFirst().prompt().isIn(prefill)) {
            Sample sample = waiting.removeFirst();
            cache.admit(rows.add(sample), sample.prompt());
            admitted.add(sample);
        }
        try (Scope step = scope.sub()) {
            take(kernels.first(step, prefill.hidden(), admitted, RowSettings.of(step, admitted)), admitted);
        }
        admitted.forEach(sample -> sample.prompt().served());
    }

    /** The prefill of a prompt; when it has none yet, it is computed together with prompts that follow. */
    private Prefill prefillOf(QueuedPrompt first) {
        if (!first.isPrefilled()) {
            List<QueuedPrompt> together = new ArrayList<>();
            int tokens = 0;
            QueuedPrompt previous = null;
            for (Sample sample : waiting) {
                QueuedPrompt prompt = sample.prompt();
                if (prompt == previous) {
                    continue;
                }
                previous = prompt;
                tokens += prompt.length();
                if (!together.isEmpty() && tokens > prefillTokens) {
                    break;
                }
                together.add(prompt);
            }
            Prefill.compute(kernels, scope.sub(), together);
            prefilledTokens += together.stream().mapToInt(QueuedPrompt::length).sum();
        }
        return first.prefill();
    }

    private static void take(NDArray drawn, List<Sample> samples) {
        double[] numbers = drawn.toDoubleArray();
        for (int i = 0; i < samples.size(); i++) {
            samples.get(i).accept((int) numbers[i], (float) numbers[samples.size() + i]);
        }
    }

    private void refreshOrder() {
        if (rowsChanged) {
            settingsScope.close();
            settingsScope = scope.sub();
            order = rows.compact(cache);
            settings = RowSettings.of(settingsScope, order);
            rowsChanged = false;
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
