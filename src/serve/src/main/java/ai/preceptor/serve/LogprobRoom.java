package ai.preceptor.serve;

import ai.preceptor.serve.request.ApiException;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the log-probabilities that all requests together may hold. Safe to use from several threads. */
final class LogprobRoom {
    private final String field;
    private final long most;
    private final AtomicLong held = new AtomicLong();

    /**
     * @param field of requests, for errors
     * @param most entries that may be held
     */
    LogprobRoom(String field, long most) {
        this.field = field;
        this.most = most;
    }

    /** @throws ApiException if there is no room for so many more */
    void take(long entries) {
        if (held.addAndGet(entries) > most) {
            held.addAndGet(-entries);
            throw ApiException.queueFull(field + ": expected at most " + most
                    + " log-probabilities of all requests together, found " + entries + " more; try again later");
        }
    }

    void giveBack(long entries) {
        held.addAndGet(-entries);
    }
}
