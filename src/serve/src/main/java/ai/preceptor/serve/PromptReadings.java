package ai.preceptor.serve;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.RankedTokens;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.serve.request.ApiException;
import ai.preceptor.serve.request.ApiRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests whose prompts are to be scored, in order of arrival. Each is read on the engine's thread in packed forward passes,
 * between two steps of the engine. What waits or is held for an answer is bounded.
 */
final class PromptReadings {
    private static final Logger LOG = LoggerFactory.getLogger(PromptReadings.class);

    /** Log-probabilities of all requests together that may wait or be held, a multiple of one request's most. */
    private static final long MOST = 1 << 20;

    private final Model model;
    private final Queue<Reading> waiting = new ConcurrentLinkedQueue<>();
    private final LogprobRoom room = new LogprobRoom("prompt_logprobs", MOST);

    /** Scores prompts; belongs to the engine's thread. */
    interface Model {
        /**
         * Scores all tokens of prompts but the first of each, which nothing predicts.
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

    PromptReadings(Model model) {
        this.model = model;
    }

    /** A model's own passes, of so many tokens together; a longer prompt takes one alone. */
    static Model of(LanguageModel model, int tokensTogether) {
        return (prompts, k) -> {
            List<RankedTokens> all = new ArrayList<>();
            for (int from = 0, to; from < prompts.size(); from = to) {
                int tokens = prompts.get(from).length;
                for (to = from + 1; to < prompts.size(); to++) {
                    tokens += prompts.get(to).length;
                    if (tokens > tokensTogether) {
                        break;
                    }
                }
                all.addAll(read(model, prompts.subList(from, to), k));
            }
            return all;
        };
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
     * @param limit time from now; what is not begun then is not read
     * @throws ApiException if there is no room
     */
    Reading submit(ApiRequest request, Duration limit, Listener listener) {
        long entries = request.promptEntries();
        room.take(entries);
        Reading reading = new Reading(request, entries, System.nanoTime() + limit.toNanos(), limit, listener);
        waiting.add(reading);
        return reading;
    }

    boolean isIdle() {
        return waiting.isEmpty();
    }

    /** Reads the prompts of the oldest request, if there is one. */
    void readNext() {
        Reading next = waiting.poll();
        if (next != null && !next.closed.get()) {
            next.run();
        }
    }

    /** Ends all that wait. */
    void refuseAll(ApiException problem) {
        for (Reading reading = waiting.poll(); reading != null; reading = waiting.poll()) {
            if (!reading.closed.get()) {
                reading.listener.unread(problem);
            }
        }
    }

    /** The prompts of a request, from when they are queued until its answer needs their log-probabilities no more. */
    final class Reading implements AutoCloseable {
        private final ApiRequest request;
        private final long entries;
        private final long deadline;
        private final Duration limit;
        private final Listener listener;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Reading(ApiRequest request, long entries, long deadline, Duration limit, Listener listener) {
            this.request = request;
            this.entries = entries;
            this.deadline = deadline;
            this.limit = limit;
            this.listener = listener;
        }

        private void run() {
            if (System.nanoTime() > deadline) {
                listener.unread(ApiException.deadline(limit));
                return;
            }
            try {
                listener.read(model.read(
                        request.prompts(),
                        Objects.requireNonNull(request.reply().promptLogprobs())));
            } catch (NotFiniteException e) {
                LOG.error("prompts were not scored: {}", e.getMessage());
                listener.unread(ApiException.notFinite());
            } catch (RuntimeException e) {
                LOG.error("prompts were not scored: the pass threw; the engine continues", e);
                listener.unread(ApiException.failed());
            }
        }

        /** Drops it if it waits, and gives back its room. */
        @Override
        public void close() {
            if (!closed.getAndSet(true)) {
                waiting.remove(this);
                room.giveBack(entries);
            }
        }
    }
}
