package ai.preceptor.serve;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.RankedTokens;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.serve.request.ApiException;
import ai.preceptor.serve.request.ApiRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests whose prompts are to be scored. Between two steps of the engine, on its thread, one of them has one packed forward
 * pass, each in its turn. What waits or is held for an answer is bounded.
 */
final class PromptReadings {
    private static final Logger LOG = LoggerFactory.getLogger(PromptReadings.class);

    /** Log-probabilities of all requests together that may wait or be held, a multiple of one request's most. */
    private static final long MOST = 1 << 20;

    private final Model model;
    private final int tokensTogether;
    private final Object monitor = new Object();
    private final Deque<Reading> waiting = new ArrayDeque<>();
    private final LogprobRoom room = new LogprobRoom("prompt_logprobs", MOST);

    /** Scores prompts; belongs to the engine's thread. */
    interface Model {
        /**
         * Scores, in one forward pass, all tokens of prompts but the first of each, which nothing predicts.
         *
         * @param prompts token ids, at least one each
         * @param k most probable tokens wanted with each, 0 or more
         * @return for each prompt one token less than it has
         * @throws NotFiniteException if a log-probability is not finite
         */
        List<RankedTokens> read(List<int[]> prompts, int k);
    }

    /** Hears how a reading ended, on the engine's thread. */
    interface Listener {
        void read(List<RankedTokens> prompts);

        void unread(ApiException problem);
    }

    /**
     * @param model that scores them
     * @param tokensTogether most tokens of a pass; a longer prompt takes one alone
     */
    PromptReadings(Model model, int tokensTogether) {
        this.model = model;
        this.tokensTogether = tokensTogether;
    }

    /** A model's own passes. */
    static Model of(LanguageModel model) {
        return (prompts, k) -> read(model, prompts, k);
    }

    private static List<RankedTokens> read(LanguageModel model, List<int[]> prompts, int k) {
        PackedBatch.Builder builder = PackedBatch.builder();
        for (int[] prompt : prompts) {
            builder.prompt(prompt);
            builder.scoredPrompt();
        }
        PackedBatch batch = builder.build();
        RankedTokens ranked = batch.targets().length == 0
                ? new RankedTokens(k, new float[0], new int[0], new int[0], new float[0])
                : model.rank(batch, k);
        return batch.spans().stream()
                .map((Span span) -> ranked.slice(span.from(), span.to()))
                .toList();
    }

    /**
     * Queues a request's prompts.
     *
     * @param limit time from now; no pass begins after it
     * @throws ApiException if there is no room
     */
    Reading submit(ApiRequest request, Duration limit, Listener listener) {
        room.take(request.promptEntries());
        Reading reading = new Reading(request, limit, listener);
        synchronized (monitor) {
            waiting.add(reading);
        }
        return reading;
    }

    boolean isIdle() {
        return all().isEmpty();
    }

    /** Those that have not ended, in the order of their turns. */
    private List<Reading> all() {
        synchronized (monitor) {
            return List.copyOf(waiting);
        }
    }

    /** Makes a pass of the request whose turn it is, if there is one, and ends those whose time is over. */
    void readNext() {
        try {
            all().forEach(Reading::endIfLate);
            List<Reading> left = all();
            if (!left.isEmpty()) {
                left.get(0).pass();
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("the server closes", e);
        }
    }

    /** Ends all. */
    void refuseAll(ApiException problem) {
        all().forEach(reading -> reading.end(problem));
    }

    /** The prompts of a request, from when they are queued until its answer needs their log-probabilities no more. */
    final class Reading implements AutoCloseable {
        private final List<int[]> prompts;
        private final int k;
        private final long entries;
        private final long deadline;
        private final Duration limit;
        private final Listener listener;
        private final List<RankedTokens> scored = new ArrayList<>();
        private final AtomicBoolean closed = new AtomicBoolean();

        private Reading(ApiRequest request, Duration limit, Listener listener) {
            this.prompts = request.prompts();
            this.k = Objects.requireNonNull(request.reply().promptLogprobs());
            this.entries = request.promptEntries();
            this.deadline = System.nanoTime() + limit.toNanos();
            this.limit = limit;
            this.listener = listener;
        }

        private void endIfLate() {
            if (System.nanoTime() - deadline > 0) {
                end(ApiException.deadline(limit));
            }
        }

        /** On the engine's thread, or that of a shutdown. */
        private void end(ApiException problem) {
            if (leave()) {
                listener.unread(problem);
            }
        }

        /** @return whether it had not ended yet */
        private boolean leave() {
            synchronized (monitor) {
                return waiting.remove(this);
            }
        }

        private void pass() {
            try {
                scored.addAll(model.read(prompts.subList(scored.size(), endOfPass()), k));
            } catch (NotFiniteException e) {
                LOG.error("prompts were not scored: {}", e.getMessage());
                end(ApiException.notFinite());
                return;
            } catch (RuntimeException e) {
                LOG.error("prompts were not scored: the pass threw; the engine continues", e);
                end(ApiException.failed());
                return;
            }
            if (scored.size() < prompts.size()) {
                giveTurn();
            } else if (leave()) {
                listener.read(scored);
            }
        }

        private void giveTurn() {
            synchronized (monitor) {
                if (waiting.remove(this)) {
                    waiting.add(this);
                }
            }
        }

        private int endOfPass() {
            int end = scored.size() + 1;
            int tokens = prompts.get(scored.size()).length;
            while (end < prompts.size() && tokens + prompts.get(end).length <= tokensTogether) {
                tokens += prompts.get(end).length;
                end++;
            }
            return end;
        }

        /** Drops it if it waits, and gives back its room. */
        @Override
        public void close() {
            if (!closed.getAndSet(true)) {
                leave();
                room.giveBack(entries);
            }
        }
    }
}
