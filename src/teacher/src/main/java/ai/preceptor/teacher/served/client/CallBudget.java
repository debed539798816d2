package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.ledger.Admission;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.Intent;
import ai.preceptor.teacher.ledger.Money;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * Queues calls by their cost. The ledger, on a worker thread, reserves a call's highest possible cost; if that does not
 * fit under the cap, the call waits for those of this process that are in flight, since they may cost less than is reserved
 * for them, and if there are none the limit is reached. On one event loop, except for what all clients of the ledger share.
 */
final class CallBudget {
    private final Vertx vertx;
    private final CallLedger ledger;
    private final Prices prices;
    private final String hint;
    private final Clients clients;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private boolean asking;

    /** @param hint how to go on, for the message */
    CallBudget(Vertx vertx, CallLedger ledger, Prices prices, String hint) {
        this.vertx = vertx;
        this.ledger = ledger;
        this.prices = prices;
        this.hint = hint;
        this.clients = Clients.joinedBy(this, ledger);
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
        vertx.executeBlocking(Executors.callable(() -> clients.settled(this)), true);
    }

    /** Nobody waits for its calls any more, settled or not. */
    void close() {
        Clients.leave(this, ledger);
    }

    private void pump() {
        if (asking || queue.isEmpty()) {
            return;
        }
        asking = true;
        Waiting next = queue.getFirst();
        Context loop = vertx.getOrCreateContext();
        Runnable again = () -> loop.runOnContext(settled -> {
            asking = false;
            pump();
        });
        vertx.executeBlocking(() -> clients.reserve(this, next.intent(), again), true)
                .onComplete(done -> {
                    if (done.succeeded() && done.result().isEmpty()) {
                        return; // the end of a call brings the next attempt
                    }
                    asking = false;
                    Promise<Admission> promise = queue.remove().promise();
                    if (done.failed()) {
                        promise.fail(done.cause());
                    } else if (done.result().get() instanceof Admission.Refused refused) {
                        promise.fail(
                                new CostLimitException(refused, next.intent().most(), prices, hint));
                    } else {
                        promise.complete(done.result().get());
                    }
                    pump();
                });
    }

    /** The clients of one ledger in this process. For any thread, but waits for the ledger. */
    private static final class Clients {
        private static final Map<Object, Clients> BY_LEDGER = new ConcurrentHashMap<>();

        /** Calls in flight. */
        private final Map<CallBudget, Integer> running = new HashMap<>();

        private final Map<CallBudget, Runnable> waiting = new HashMap<>();

        static Clients joinedBy(CallBudget client, CallLedger ledger) {
            return BY_LEDGER.compute(ledger.place(), (place, known) -> {
                Clients clients = known == null ? new Clients() : known;
                clients.join(client);
                return clients;
            });
        }

        static void leave(CallBudget client, CallLedger ledger) {
            BY_LEDGER.computeIfPresent(ledger.place(), (place, clients) -> clients.leave(client) ? null : clients);
        }

        private synchronized void join(CallBudget client) {
            running.put(client, 0);
        }

        /** Whether that was the last. */
        private synchronized boolean leave(CallBudget client) {
            running.remove(client);
            waiting.remove(client);
            wake();
            return running.isEmpty();
        }

        /**
         * What the ledger says; nothing where the call has to wait. Its question and the count of calls in flight are one
         * step, or the last of them could end in between and nobody would bring the next attempt.
         *
         * @param again called once there may be room
         */
        synchronized Optional<Admission> reserve(CallBudget client, Intent intent, Runnable again) {
            Money cap = client.prices.cap();
            Admission admission = client.ledger.reserve(intent, cap);
            if (admission instanceof Admission.Reserved) {
                running.computeIfPresent(client, (same, count) -> count + 1);
            } else if (admission instanceof Admission.Refused
                    && running.values().stream().anyMatch(count -> count > 0)) {
                waiting.put(client, again);
                return Optional.empty();
            }
            return Optional.of(admission);
        }

        synchronized void settled(CallBudget client) {
            running.computeIfPresent(client, (same, count) -> count - 1);
            wake();
        }

        private void wake() {
            waiting.values().forEach(Runnable::run);
            waiting.clear();
        }
    }
}
