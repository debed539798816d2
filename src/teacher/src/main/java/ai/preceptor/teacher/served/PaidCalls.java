package ai.preceptor.teacher.served;

import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.PaidCall;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls that are made once: a request that was answered before, in this process or another, is answered from the ledger,
 * and one that is under way is waited for. A reply is on the disk before anybody sees it. On one event loop.
 */
final class PaidCalls {
    private final Vertx vertx;
    private final ServerOptions options;
    private final String address;
    private final CallLedger ledger;
    private final PatientCalls calls;
    private final TeacherMeters meters;
    private final Map<String, Future<ChatReply>> underWay = new HashMap<>();

    PaidCalls(
            Vertx vertx,
            ServerOptions options,
            String address,
            CallLedger ledger,
            PatientCalls calls,
            TeacherMeters meters) {
        this.vertx = vertx;
        this.options = options;
        this.address = address;
        this.ledger = ledger;
        this.calls = calls;
        this.meters = meters;
    }

    Future<ChatReply> ask(ChatRequest request) {
        String body = request.body(options.model());
        String hash = ChatRequest.hash(address, body);
        Future<ChatReply> same = underWay.get(hash);
        if (same != null) {
            meters.reused();
            return same;
        }
        Future<ChatReply> reply = vertx.<PaidCall>executeBlocking(() -> ledger.find(hash), true)
                .compose(known -> known == null ? send(request, body, hash) : reused(known));
        underWay.put(hash, reply);
        return reply.onComplete(done -> underWay.remove(hash));
    }

    /** Comes true when all that is under way has come to an end. */
    Future<?> settled() {
        return Future.join(List.copyOf(underWay.values()));
    }

    private Future<ChatReply> reused(PaidCall call) {
        meters.reused();
        return Future.succeededFuture(
                new ChatReply(call.reply(), call.finishReason(), call.promptTokens(), call.completionTokens()));
    }

    private Future<ChatReply> send(ChatRequest request, String body, String hash) {
        return calls.send(new PatientCalls.Call(request, body, reply -> {
            double cost = options.prices().of(reply.promptTokens(), reply.completionTokens());
            PaidCall paid = new PaidCall(
                    hash,
                    body,
                    reply.text(),
                    reply.finishReason(),
                    reply.promptTokens(),
                    reply.completionTokens(),
                    cost);
            return vertx.executeBlocking(
                    () -> {
                        ledger.add(paid);
                        return paid;
                    },
                    true);
        }));
    }
}
