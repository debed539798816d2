package ai.preceptor.lm.engine;

import ai.preceptor.data.FinishReason;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.engine.store.KvStore;
import ai.preceptor.lm.generate.GeneratedToken;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.torch.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The engine: samples wait in order for rows and blocks, then are decoded together, a token each a step. */
final class DecodeEngine implements EngineSession {
    private final Scope scope;
    private final StepRunner runner;
    private final KvStore store;
    private final RequestReader reader;
    private final Setting setting;
    private final int maxRows;
    private final AtomicLong steps;
    private final Queue<List<Sample>> submitted = new ConcurrentLinkedQueue<>();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private final Deque<Sample> waiting = new ArrayDeque<>();
    private final List<Sample> running = new ArrayList<>();
    private final EngineTrial trial;
    private RowSettings settings = RowSettings.of(List.of());
    private boolean rowsChanged;
    private boolean threw;
    private @Nullable String whyNotFinite;
    private final EngineTally tally = new EngineTally();

    /**
     * What an engine works with.
     *
     * @param whyNotFinite says why the model's numbers are not finite, when one was not; asked once
     * @param steps counts prefills and steps of decoding, for others to see its progress
     */
    record Setting(
            StepRunner runner,
            KvStore store,
            RequestReader reader,
            Supplier<String> whyNotFinite,
            LongSupplier clock,
            int maxRows,
            int prefillTokens,
            AtomicLong steps) {}

    /** @param scope owns what the setting holds; closed with the engine */
    DecodeEngine(Scope scope, Setting setting) {
        this.scope = scope;
        this.runner = setting.runner();
        this.store = setting.store();
        this.reader = setting.reader();
        this.setting = setting;
        this.maxRows = Math.min(setting.maxRows(), runner.mostRows());
        this.steps = setting.steps();
        this.trial = new EngineTrial(scope, runner, store, reader);
    }

    @Override
    public GenerationHandle submit(GenerationRequest request) {
        reader.check(request, store.blocks());
        GenerationHandle handle = new GenerationHandle(requests.getAndIncrement(), request);
        List<Sample> samples = reader.samples(handle, setting.clock().getAsLong());
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
        long computed = steps.get();
        threw = false;
        List<GenerationEvent> events = new ArrayList<>();
        for (List<Sample> samples = submitted.poll(); samples != null; samples = submitted.poll()) {
            waiting.addAll(samples);
        }
        endEarly(events);
        for (List<Sample> some = admitted(); !some.isEmpty(); some = admitted()) {
            begin(some, events);
        }
        if (!running.isEmpty()) {
            decode(events);
        }
        if (!threw && steps.get() > computed) {
            trial.passed();
        }
        tally.stepped(System.nanoTime() - began);
        return events;
    }

    /** Ends what was cancelled or has used up its time. */
    private void endEarly(List<GenerationEvent> events) {
        long now = setting.clock().getAsLong();
        running.forEach(sample -> endEarly(sample, now));
        waiting.forEach(sample -> endEarly(sample, now));
        retire(events);
    }

    private static void endEarly(Sample sample, long now) {
        if (sample.prompt().handle().isCancelled()) {
            sample.end(FinishReason.CANCELLED);
        } else if (now >= sample.prompt().deadline()) {
            sample.end(FinishReason.DEADLINE);
        }
    }

    /** Takes waiting samples of one packed prefill, with the room that they may come to need. */
    private List<Sample> admitted() {
        List<Sample> admitted = new ArrayList<>();
        List<QueuedPrompt> prefill = new ArrayList<>();
        int tokens = 0;
        while (!waiting.isEmpty() && running.size() + admitted.size() < maxRows) {
            Sample sample = waiting.getFirst();
            QueuedPrompt prompt = sample.prompt();
            boolean missing = !prompt.isPrefilled() && !prefill.contains(prompt);
            if (missing && !prefill.isEmpty() && tokens + prompt.length() > setting.prefillTokens()) {
                break;
            }
            if (!store.reserve(sample.ownBlocks() + (prompt.isReserved() ? 0 : prompt.prefixBlocks()))) {
                break;
            }
            prompt.setReserved();
            sample.setReserved();
            if (missing) {
                prefill.add(prompt);
                tokens += prompt.length();
            }
            admitted.add(waiting.removeFirst());
        }
        return admitted;
    }

    /** Gives samples their first tokens. */
    private void begin(List<Sample> samples, List<GenerationEvent> events) {
        List<QueuedPrompt> prompts = samples.stream()
                .map(Sample::prompt)
                .filter(prompt -> !prompt.isPrefilled())
                .distinct()
                .toList();
        running.addAll(samples);
        rowsChanged = true;
        long began = System.nanoTime();
        DrawnTokens drawn;
        try (Scope step = scope.sub()) {
            prefill(prompts, samples);
            drawn = runner.first(step, samples);
        } catch (RuntimeException | Error e) {
            fail(samples, e, events);
            return;
        }
        int tokens = prompts.stream().mapToInt(QueuedPrompt::length).sum();
        tally.prefilled(tokens, samples.size(), System.nanoTime() - began);
        take(drawn, samples, events);
        for (Sample sample : samples) {
            sample.serve();
            sample.prompt().running().add(sample);
        }
        retire(events);
    }

    private void prefill(List<QueuedPrompt> prompts, List<Sample> admitted) {
        if (prompts.isEmpty()) {
            return;
        }
        try (Scope own = scope.sub()) {
            Prefill computed = Prefill.compute(runner, own, prompts);
            for (int i = 0; i < prompts.size(); i++) {
                QueuedPrompt prompt = prompts.get(i);
                prompt.prefilled(scope.sub(), computed.hidden(i));
                if (prompt.isShared()) {
                    computed.store(store, store.shared(), prompt.prefix(), i, prompt.length());
                }
            }
            for (Sample sample : admitted) {
                if (!sample.prompt().isShared()) {
                    int place = prompts.indexOf(sample.prompt());
                    computed.store(
                            store,
                            store.own(),
                            sample.blocks(),
                            place,
                            sample.prompt().length());
                }
            }
        }
    }

    /** Gives every running sample its next token. */
    private void decode(List<GenerationEvent> events) {
        long began = System.nanoTime();
        DrawnTokens drawn;
        if (rowsChanged) {
            settings = RowSettings.of(running);
            rowsChanged = false;
        }
        try (Scope step = scope.sub()) {
            drawn = runner.step(step, running, store, settings);
        } catch (RuntimeException | Error e) {
            fail(running, e, events);
            return;
        }
        tally.decoded(running.size(), System.nanoTime() - began);
        take(drawn, running, events);
        retire(events);
    }

    /** Whose step threw fails; the engine goes on, unless it fails by itself too. */
    private void fail(List<Sample> samples, Throwable thrown, List<GenerationEvent> events) {
        threw = true;
        RuntimeException cause = thrown instanceof RuntimeException same ? same : new IllegalStateException(thrown);
        samples.forEach(sample -> sample.prompt().fail(cause));
        retire(events);
        trial.run();
    }

    private void take(DrawnTokens drawn, List<Sample> samples, List<GenerationEvent> events) {
        steps.incrementAndGet();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            try {
                sample.accept(token(drawn, i, sample), drawn.support(i));
                if (sample.prompt().handle().request().streamed()) {
                    String text = sample.finish() == null ? sample.newText() : "";
                    events.add(new GenerationEvent.Progress(
                            sample.prompt().handle(), sample.number(), sample.last(), text));
                }
            } catch (RuntimeException e) { // of this sample alone: its numbers, or its text
                sample.prompt().fail(e);
            }
        }
    }

    /** Every weight is looked at, once: they stay as they are while the session is open. */
    private String whyNotFinite() {
        String known = whyNotFinite;
        if (known == null) {
            known = setting.whyNotFinite().get();
            whyNotFinite = known;
        }
        return known;
    }

    /** A row's token. @throws NotFiniteException if its numbers are none */
    private GeneratedToken token(DrawnTokens drawn, int row, Sample sample) {
        double logprob = drawn.logprob(row);
        double sampling = drawn.samplingLogprob(row);
        if (!Double.isFinite(logprob + sampling)) {
            throw NotFiniteException.of(
                    "prompt " + sample.prompt().handle().id() + ", sample " + sample.number() + ", token "
                            + sample.count() + ": log-probability",
                    (int) sample.prompt().handle().id(),
                    logprob + sampling,
                    whyNotFinite());
        }
        int wanted =
                Math.min(drawn.reported(), sample.prompt().handle().request().topLogprobs());
        List<GeneratedToken.Chance> top = new ArrayList<>(wanted);
        for (int k = 0; k < wanted; k++) {
            top.add(new GeneratedToken.Chance(drawn.topId(row, k), (float) drawn.topLogprob(row, k)));
        }
        // among random rows a greedy one keeps all that are exactly as probable, and would report their share
        float share = sample.options().settings().isGreedy() ? 0 : (float) sampling;
        return new GeneratedToken(drawn.id(row), (float) logprob, share, top);
    }

    /** Takes out samples that have ended or failed, with their blocks, and reports them. */
    private void retire(List<GenerationEvent> events) {
        rowsChanged |= retire(running, events);
        retire(waiting, events);
    }

    private boolean retire(Collection<Sample> samples, List<GenerationEvent> events) {
        return samples.removeIf(sample -> sample.isOver() && retire(sample, events));
    }

    private boolean retire(Sample sample, List<GenerationEvent> events) {
        QueuedPrompt prompt = sample.prompt();
        events.add(report(sample));
        if (sample.isReserved()) {
            store.release(sample.ownBlocks(), store.own(), sample.blocks());
        }
        prompt.running().remove(sample);
        sample.serve();
        if (prompt.ended() && prompt.isReserved()) {
            store.release(prompt.prefixBlocks(), store.shared(), prompt.prefix());
        }
        if (prompt.failure() != null) {
            store.forgetFreed();
        }
        open.decrementAndGet();
        return true;
    }

    private GenerationEvent report(Sample sample) {
        QueuedPrompt prompt = sample.prompt();
        RuntimeException failure = prompt.failure();
        if (failure == null) {
            try {
                String rest = prompt.handle().request().streamed() ? sample.newText() : "";
                return new GenerationEvent.Finished(
                        prompt.handle(), sample.number(), sample.result(reader.decode()), rest);
            } catch (RuntimeException e) { // its text cannot be delivered
                prompt.fail(e);
                failure = e;
            }
        }
        return new GenerationEvent.Failed(prompt.handle(), sample.number(), failure);
    }

    @Override
    public void close() {
        runner.close();
        scope.close();
    }
}
