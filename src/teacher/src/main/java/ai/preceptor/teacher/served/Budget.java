package ai.preceptor.teacher.served;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps the cost of all calls under a cap. A call begins only if its highest possible cost fits beside those that run; if
 * it does not, it waits for them to end, and if none runs there is no money left. On one event loop.
 */
final class Budget {
    private final double cap;
    private final String hint;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private double spent;
    private double reserved;
    private int running;

    /**
     * @param cap most in all
     * @param spent before
     * @param hint how to go on, for the message
     */
    Budget(double cap, double spent, String hint) {
        this.cap = cap;
        this.spent = spent;
        this.hint = hint;
    }

    private record Waiting(double most, Promise<Void> promise) {}

    /** Comes true when a call of at most this cost may begin. */
    Future<Void> reserve(double most) {
        Promise<Void> promise = Promise.promise();
        queue.add(new Waiting(most, promise));
        pump();
        return promise.future();
    }

    /** Such a call ended. */
    void settle(double most, double actual) {
        reserved -= most;
        spent += actual;
        running--;
        pump();
    }

    private void pump() {
        while (!queue.isEmpty()) {
            Waiting next = queue.getFirst();
            if (spent + reserved + next.most() <= cap) {
                queue.remove();
                reserved += next.most();
                running++;
                next.promise().complete();
            } else if (running > 0) {
                return;
            } else {
                queue.remove();
                next.promise().fail(new CostLimitException(spent, next.most(), cap, hint));
            }
        }
    }

    double spent() {
        return spent;
    }
}
