package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.ledger.CallLedger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes every call once: a request that was answered before, in this process or another, is answered from the ledger,
 * one with the maximum number of malformed answers is On one event loop.
 */
final class CachingClient {
    private final Vertx vertx;
    private final CallLedger ledger;
    private final RetryingClient retrying;
    private final BilledCalls billed;
    private final TeacherMeters meters;
    private final Map<String, Future<ChatReply>> underWay = new HashMap<>();

    CachingClient(Vertx vertx, CallLedger ledger, RetryingClient retrying, BilledCalls billed, TeacherMeters meters) {
        this.vertx = vertx;
        this.ledger = ledger;
        this.retrying = retrying;
        this.billed = billed;
        this.meters = meters;
    }

    Future<ChatReply> ask(PreparedCall call) {
        Future<ChatReply> same = underWay.get(call.hash());
        if (same != null) {
            meters.reused();
            return same;
        }
        Future<ChatReply> reply = vertx.executeBlocking(() -> ledger.history(call.hash()), true)
                .compose(history -> history.answered() == null && history.malformed() < PreparedCall.ATTEMPTS
                        ? retrying.send(call)
                        : billed.known(history));
        underWay.put(call.hash(), reply);
        return reply.onComplete(done -> underWay.remove(call.hash()));
    }

    /** Completes when no call is in flight any more. */
    Future<?> settled() {
        return Future.join(List.copyOf(underWay.values()));
    }
}
