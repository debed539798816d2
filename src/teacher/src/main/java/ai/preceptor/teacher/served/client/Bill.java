package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.CallState;
import ai.preceptor.teacher.ledger.Money;
import ai.preceptor.teacher.ledger.Reservation;
import ai.preceptor.teacher.ledger.Settlement;
import ai.preceptor.teacher.served.http.Arrival;
import ai.preceptor.teacher.served.http.CallException;
import ai.preceptor.teacher.served.http.CallFailure;
import ai.preceptor.teacher.served.http.ReplyParser;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a call: its end for the ledger, and the result for the caller.
 *
 * <p>Tokens that the server counted cost what they cost, whatever else it answered. Without a count, the highest possible
 * cost is taken where the server answered with success, where it was not heard of after it had the request, and where it
 * failed in a way that leaves open whether it worked; nothing where it never had the request or refused it.
 *
 * @param end how the call ended, or null if it was certainly not billed
 * @param reply the teacher's words, or null
 * @param failure why there are none, or null
 */
record Bill(
        @Nullable Settlement end,
        @Nullable ChatReply reply,
        @Nullable CallException failure) {

    static Bill of(Arrival arrival, PreparedCall call, ReplyParser parser, Prices prices) {
        Arrival.Cut cut = arrival.cut();
        if (cut != null && (arrival.isSuccess() || arrival.status() <= 0)) {
            return broken(arrival, cut, call, parser);
        }
        ReplyParser.Parsed parsed = arrival.isSuccess()
                ? parser.success(arrival.body(), call.request()::read)
                : parser.failure(arrival.body());
        ReplyParser.Usage usage = parsed.usage();
        Money cost = usage == null ? call.intent().most() : prices.of(usage.promptTokens(), usage.completionTokens());
        if (parsed.text() != null) {
            return answered(parsed.text(), parsed, cost, call.request());
        }
        String status = arrival.isSuccess() ? "malformed answer: " : "status " + arrival.status() + ": ";
        String problem = status + parsed.problem();
        CallFailure kind = arrival.isSuccess() ? parsed.failure() : CallFailure.of(arrival.status());
        CallException failure = new CallException(kind, problem, false, arrival.retryAfter());
        boolean billed = arrival.isSuccess() || usage != null || arrival.mayHaveWorked();
        return new Bill(billed ? unusable(arrival, cost, usage, problem, parser) : null, null, failure);
    }

    private static Bill answered(String text, ReplyParser.Parsed parsed, Money cost, TeacherCall request) {
        ReplyParser.Usage usage = parsed.usage();
        long read = usage == null ? request.mostPromptTokens() : usage.promptTokens();
        long written = usage == null ? request.maxTokens() : usage.completionTokens();
        return new Bill(
                new Settlement(CallState.ANSWERED, cost, read, written, text, parsed.finishReason(), null, null),
                new ChatReply(text, parsed.finishReason(), read, written),
                null);
    }

    private static Bill broken(Arrival arrival, Arrival.Cut cut, PreparedCall call, ReplyParser parser) {
        String problem = parser.safe(cut.what());
        if (arrival.isSuccess()) {
            problem = "malformed answer: " + arrival.body().length() + " bytes of one, then " + problem;
        }
        CallException failure = new CallException(cut.kind(), problem, false, arrival.retryAfter());
        boolean billed = arrival.isSuccess() || (arrival.isSent() && arrival.mayHaveWorked());
        return new Bill(billed ? unusable(arrival, call.intent().most(), null, problem, parser) : null, null, failure);
    }

    private static Settlement unusable(
            Arrival arrival, Money cost, ReplyParser.@Nullable Usage usage, String problem, ReplyParser parser) {
        return new Settlement(
                arrival.isSuccess() ? CallState.MALFORMED : CallState.UNANSWERED,
                cost,
                usage == null ? 0 : usage.promptTokens(),
                usage == null ? 0 : usage.completionTokens(),
                null,
                "",
                problem,
                parser.kept(arrival.body()));
    }

    /** The same once it is in the ledger, where it is seen how often the request was answered in vain. */
    Bill settled(Reservation reservation, CallLedger ledger) {
        if (end == null) {
            ledger.release(reservation);
            return this;
        }
        int malformed = ledger.settle(reservation, end);
        if (failure == null || end.state() != CallState.MALFORMED || malformed < PreparedCall.ATTEMPTS) {
            return this;
        }
        CallException last = new CallException(
                failure.kind(), failure.getMessage() + "; " + inVain(malformed), true, failure.retryAfter());
        return new Bill(end, null, last);
    }

    /** Why a request is not sent any more. */
    static String inVain(int malformed) {
        return "answered " + malformed + " times with malformed replies, each paid; not asked again";
    }

    /** What counts from now on. */
    Money cost() {
        return end == null ? Money.ZERO : end.cost();
    }
}
