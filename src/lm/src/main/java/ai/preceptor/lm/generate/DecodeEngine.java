package ai.preceptor.lm.generate;

import ai.preceptor.data.FinishReason;
import ai.preceptor.lm.torch.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The engine: samples wait in order for rows and blocks, then are decoded together, a token each a step. */
final class DecodeEngine implements EngineSession {
    private final Scope scope;
    private final DecodeKernels kernels;
    private final KvStore store;
    private final RequestReader reader;
    private final Function<int[], String> decode;
    private final LongSupplier clock;
    private final int maxRows;
    private final int prefillTokens;
    private final AtomicLong steps;
    private final Queue<List<Sample>> submitted = new ConcurrentLinkedQueue<>();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private final Deque<Sample> waiting = new ArrayDeque<>();
    private final List<Sample> running = new ArrayList<>();
    private Scope settingsScope;
    private RowSettings settings;
    private boolean rowsChanged;
    private final EngineTally tally = new EngineTally();

    /**
     * What an engine works with.
     *
     * @param steps counts prefills and steps of decoding, for others to see that it gets on
     */
    record Setting(
            DecodeKernels kernels,
            KvStore store,
            RequestReader reader,
            Function<int[], String> decode,
            LongSupplier clock,
            int maxRows,
            int prefillTokens,
            AtomicLong steps) {}

    /** @param scope owns what the setting holds; closed with the engine */
    DecodeEngine(Scope scope, Setting setting) {
        this.scope = scope;
        this.kernels = setting.kernels();
        this.store = setting.store();
        this.reader = setting.reader();
        this.decode = setting.decode();
        this.clock = setting.clock();
        this.maxRows = Math.min(setting.maxRows(), kernels.widths().most());
        this.prefillTokens = setting.prefillTokens();
        this.steps = setting.steps();
        this.settingsScope = scope.sub();
        this.settings = RowSettings.of(settingsScope, List.of());
    }

    @Override
    public GenerationHandle submit(GenerationRequest request) {
        reader.check(request, store.blocks());
        GenerationHandle handle = new GenerationHandle(requests.getAndIncrement(), request);
        List<Sample> samples = reader.samples(handle, clock.getAsLong());
        open.addAndGet(samples.size());
        submitted.add(samples);
        return handle;
    }

    @Override
    public boolean isIdle() {
        return open.get() == 0;
    }

    @Override
    public EngineStatistics statistics() {
        return tally.statistics(running.size(), waiting.size(), store);
    }

    /** Samples that have rows. */
    int rows() {
        return running.size();
    }

    KvStore store() {
        return store;
    }

    @Override
    public List<GenerationEvent> step() {
        long began = System.nanoTime();
        List<GenerationEvent> events = stepped();
        tally.stepped(System.nanoTime() - began);
        return events;
    }

    private List<GenerationEvent> stepped() {
        List<GenerationEvent> events = new ArrayList<>();
        for (List<Sample> samples = submitted.poll(); samples != null; samples = submitted.poll()) {
            waiting.addAll(samples);
        }
        endEarly(events);
        while (admit(events)) {
            rowsChanged = true;
        }
        if (!running.isEmpty()) {
            refreshSettings();
            long began = System.nanoTime();
            double[] drawn;
            try (Scope step = scope.sub()) {
                drawn = kernels.step(step, running, store, settings).toDoubleArray();
            }
            tally.decoded(running.size(), System.nanoTime() - began);
            steps.incrementAndGet();
            take(drawn, running, events);
            retire(running, events);
        }
        return events;
    }

    /** Ends what was cancelled or has used up its time. */
    private void endEarly(List<GenerationEvent> events) {
        long now = clock.getAsLong();
        running.forEach(sample -> endEarly(sample, now));
        retire(running, events);
        waiting.forEach(sample -> endEarly(sample, now));
        if (waiting.removeIf(sample -> sample.finish() != null && finishWaiting(sample, events))) {
            rowsChanged = true;
        }
    }

    private static void endEarly(Sample sample, long now) {
        if (sample.prompt().handle().isCancelled()) {
            sample.end(FinishReason.CANCELLED);
        } else if (now >= sample.prompt().deadline()) {
            sample.end(FinishReason.DEADLINE);
        }
    }

    private boolean finishWaiting(Sample sample, List<GenerationEvent> events) {
        sample.prompt().served();
        report(sample, events);
        releasePrefix(sample.prompt());
        return true;
    }

    /** Lets in waiting samples of one packed prefill, and gives them their first tokens. @return whether there were any */
    private boolean admit(List<GenerationEvent> events) {
        List<Sample> admitted = new ArrayList<>();
        List<QueuedPrompt> prefill = new ArrayList<>();
        int tokens = 0;
        while (!waiting.isEmpty() && running.size() + admitted.size() < maxRows) {
            Sample sample = waiting.getFirst();
            QueuedPrompt prompt = sample.prompt();
            boolean missing = !prompt.isPrefilled() && !prefill.contains(prompt);
            if (missing && !prefill.isEmpty() && tokens + prompt.length() > prefillTokens) {
                break;
            }
            if (!store.reserve(sample.ownBlocks() + (prompt.isReserved() ? 0 : prompt.prefixBlocks()))) {
                break;
            }
            prompt.setReserved();
            if (missing) {
                prefill.add(prompt);
                tokens += prompt.length();
            }
            admitted.add(waiting.removeFirst());
        }
        if (admitted.isEmpty()) {
            return false;
        }
        long began = System.nanoTime();
        prefill(prefill, admitted);
        double[] drawn;
        try (Scope step = scope.sub()) {
            drawn = kernels.first(step, admitted).toDoubleArray();
        }
        tally.prefilled(tokens, admitted.size(), System.nanoTime() - began);
        steps.incrementAndGet();
        take(drawn, admitted, events);
        admitted.forEach(sample -> sample.prompt().served());
        for (Sample sample : admitted) {
            sample.prompt().running().add(sample);
        }
        retire(admitted, events);
        running.addAll(admitted);
        return true;
    }

    private void prefill(List<QueuedPrompt> prompts, List<Sample> admitted) {
        if (prompts.isEmpty()) {
            return;
        }
        try (Scope own = scope.sub()) {
            Prefill computed = Prefill.compute(kernels, own, prompts);
            for (int i = 0; i < prompts.size(); i++) {
                QueuedPrompt prompt = prompts.get(i);
                Scope held = scope.sub();
                prompt.prefilled(held, held.keep(computed.hidden(i)));
                if (prompt.isShared()) {
                    store.storePrompt(store.shared(), prompt.prefix(), computed, i, prompt.length());
                }
            }
            for (Sample sample : admitted) {
                if (!sample.prompt().isShared()) {
                    int place = prompts.indexOf(sample.prompt());
                    store.storePrompt(
                            store.own(),
                            sample.blocks(),
                            computed,
                            place,
                            sample.prompt().length());
                }
            }
        }
    }

    private void take(double[] numbers, List<Sample> samples, List<GenerationEvent> events) {
        int n = samples.size();
        int reported = (numbers.length / n - 3) / 2;
        for (int i = 0; i < n; i++) {
            Sample sample = samples.get(i);
            int wanted = Math.min(reported, sample.prompt().handle().request().topLogprobs());
            List<GeneratedToken.Chance> top = new ArrayList<>(wanted);
            for (int k = 0; k < wanted; k++) {
                top.add(new GeneratedToken.Chance(
                        (int) numbers[(3 + k) * n + i], (float) numbers[(3 + reported + k) * n + i]));
            }
            // among random rows a greedy one keeps all that are exactly as probable, and would be told their share
            float sampling = sample.options().isGreedy() ? 0 : (float) numbers[2 * n + i];
            sample.accept(new GeneratedToken((int) numbers[i], (float) numbers[n + i], sampling, top));
            if (sample.prompt().handle().request().streamed()) {
                String text = sample.finish() == null ? sample.newText() : "";
                events.add(
                        new GenerationEvent.Progress(sample.prompt().handle(), sample.number(), sample.last(), text));
            }
        }
    }

    /** Takes finished samples out, with their blocks, and reports them. */
    private void retire(List<Sample> samples, List<GenerationEvent> events) {
        boolean any = samples.removeIf(sample -> {
            if (sample.finish() == null) {
                return false;
            }
            store.release(sample.ownBlocks(), store.own(), sample.blocks());
            sample.prompt().running().remove(sample);
            report(sample, events);
            releasePrefix(sample.prompt());
            return true;
        });
        rowsChanged |= any;
    }

    private void report(Sample sample, List<GenerationEvent> events) {
        boolean streamed = sample.prompt().handle().request().streamed();
        String rest = streamed ? sample.newText() : "";
        events.add(
                new GenerationEvent.Finished(sample.prompt().handle(), sample.number(), sample.result(decode), rest));
        open.decrementAndGet();
    }

    private void releasePrefix(QueuedPrompt prompt) {
        if (prompt.ended() && prompt.isReserved()) {
            store.release(prompt.prefixBlocks(), store.shared(), prompt.prefix());
        }
    }

    private void refreshSettings() {
        if (rowsChanged) {
            settingsScope.close();
            settingsScope = scope.sub();
            settings = RowSettings.of(settingsScope, running);
            rowsChanged = false;
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
