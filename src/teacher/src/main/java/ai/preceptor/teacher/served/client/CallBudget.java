package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.ledger.Admission;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.Intent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Queues calls by their cost. The ledger, on a worker thread, reserves a call's highest possible cost; if that does not
 * fit under the cap, the call waits for those of this run that are in flight, and if there are none the limit is reached.
 * On one event loop.
 */
final class CallBudget {
    private final Vertx vertx;
    private final CallLedger ledger;
    private final Prices prices;
    private final String hint;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private int running;
    private boolean asking;

    /** @param hint how to go on, for the message */
    CallBudget(Vertx vertx, CallLedger ledger, Prices prices, String hint) {
        this.vertx = vertx;
        this.ledger = ledger;
        this.prices = prices;
        this.hint = hint;
    }

    private record Waiting(Intent intent, Promise<Admission> promise) {}

    /** {@link Admission.Reserved} or {@link Admission.Known}; fails with {@link CostLimitException}. */
    Future<Admission> reserve(Intent intent) {
        Promise<Admission> promise = Promise.promise();
        queue.add(new Waiting(intent, promise));
        pump();
        return promise.future();
    }

    /** A call that was let in is settled. */
    void settled() {
        running--;
        pump();
    }

    private void pump() {
        if (asking || queue.isEmpty()) {
            return;
        }
        asking = true;
        Waiting next = queue.getFirst();
        vertx.executeBlocking(() -> ledger.reserve(next.intent(), prices.cap()), true)
                .onComplete(done -> {
                    asking = false;
                    if (done.failed()) {
                        queue.remove().promise().fail(done.cause());
                    } else if (!(done.result() instanceof Admission.Refused refused)) {
                        running += done.result() instanceof Admission.Reserved ? 1 : 0;
                        queue.remove().promise().complete(done.result());
                    } else if (running > 0) {
                        return; // whose end brings the next attempt
                    } else {
                        queue.remove()
                                .promise()
                                .fail(new CostLimitException(
                                        refused, next.intent().most(), prices, hint));
                    }
                    pump();
                });
    }
}
