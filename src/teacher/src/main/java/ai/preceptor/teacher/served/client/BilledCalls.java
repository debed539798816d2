package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.ledger.Admission;
import ai.preceptor.teacher.ledger.CallHistory;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.PaidCall;
import ai.preceptor.teacher.ledger.Reservation;
import ai.preceptor.teacher.served.http.CallEndpoint;
import ai.preceptor.teacher.served.http.CallException;
import ai.preceptor.teacher.served.http.CallFailure;
import ai.preceptor.teacher.served.http.ReplyParser;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/**
 * Single attempts of calls, with their money: its highest possible cost is in the ledger before a call is sent, and what it
 * came to is in the ledger before anybody sees its reply. On one event loop; bodies are read, and the ledger is written, on a
 * worker thread.
 */
final class BilledCalls {
    private final Vertx vertx;
    private final ServerOptions options;
    private final CallEndpoint endpoint;
    private final CallLedger ledger;
    private final TeacherMeters meters;
    private final LongSupplier nanoClock;
    private final CallBudget budget;
    private final ReplyParser parser;

    BilledCalls(
            Vertx vertx,
            ServerOptions options,
            CallLedger ledger,
            TeacherMeters meters,
            CallEndpoint endpoint,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        this.options = options;
        this.endpoint = endpoint;
        this.ledger = ledger;
        this.meters = meters;
        this.nanoClock = nanoClock;
        this.budget =
                new CallBudget(vertx, ledger, options.prices(), "; continue with a higher max_cost and resume=true");
        this.parser = new ReplyParser(options.key());
    }

    /** A reply; or {@link CallException}, {@link CostLimitException}, or why the ledger cannot be written. */
    Future<ChatReply> send(PreparedCall call) {
        return budget.reserve(call.intent())
                .compose(admission -> admission instanceof Admission.Reserved reserved
                        ? exchange(call, reserved.reservation()).onComplete(end -> budget.settled())
                        : known(((Admission.Known) admission).history()));
    }

    /** Calls of others that wait for money wait for none of these any more. */
    void close() {
        budget.close();
    }

    private Future<ChatReply> exchange(PreparedCall call, Reservation reservation) {
        long began = nanoClock.getAsLong();
        return endpoint.post(call.request().path(), call.body())
                .compose(arrival -> {
                    long nanos = nanoClock.getAsLong() - began;
                    return vertx.executeBlocking(
                                    () -> Bill.of(arrival, call, parser, options.prices())
                                            .settled(reservation, ledger),
                                    true)
                            .map(bill -> counted(bill, nanos));
                })
                .compose(bill -> bill.reply() == null
                        ? Future.failedFuture(bill.failure())
                        : Future.succeededFuture(bill.reply()));
    }

    private Bill counted(Bill bill, long nanos) {
        meters.billed(bill.cost().units());
        if (bill.reply() != null) {
            meters.answered(bill.reply(), nanos);
        }
        return bill;
    }

    /** The ledger's records of a request that is not sent. */
    Future<ChatReply> known(CallHistory history) {
        PaidCall paid = history.answered();
        if (paid == null) {
            return Future.failedFuture(new CallException(
                    CallFailure.MALFORMED, history.problem() + "; " + Bill.inVain(history.malformed()), true, null));
        }
        meters.reused();
        return Future.succeededFuture(
                new ChatReply(paid.reply(), paid.finishReason(), paid.promptTokens(), paid.completionTokens()));
    }
}
