package ai.preceptor.teacher.chat;

import ai.preceptor.data.Message;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.FreeCall;
import ai.preceptor.teacher.ledger.PaidCall;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The replies of a model on this machine, from the ledger or, part by part, from the model and then into the ledger.
 *
 * @param name of the model, for errors
 * @param identity a digest of the model
 * @param ledger where replies are kept
 * @param answered whether the model has answered anything
 */
record LocalReplies(String name, String identity, CallLedger ledger, AtomicBoolean answered) {
    /** Requests between two writes to the ledger. */
    static final int PART = 32;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of a model that has answered if anything has in earlier runs of the ledger. */
    LocalReplies(String name, String identity, CallLedger ledger) {
        this(name, identity, ledger, new AtomicBoolean(ledger.totals().calls() > 0));
    }

    /** What the ledger keeps of a request: all that its reply depends on besides the model. */
    static String body(ChatRequest request) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("messages", request.messages().stream().map(Message::toMap).toList());
        body.put("temperature", request.sampling().temperature());
        body.put("max_tokens", request.sampling().maxTokens());
        if (request.sampling().seed() != null) {
            body.put("seed", request.sampling().seed());
        }
        return json(body);
    }

    /** The same of a request for labels. */
    static String body(LabelRequest request) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("messages", request.messages().stream().map(Message::toMap).toList());
        body.put("labels", request.labels());
        return json(body);
    }

    /** The same of a request for a turn of a user. */
    static String body(UserTurns.Request request) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put(
                "user_turn_after", request.before().stream().map(Message::toMap).toList());
        body.put("sampling", request.sampling().toString());
        body.put("seed", request.seed());
        return json(body);
    }

    /** Numbers as the text of a reply. */
    static String text(List<Double> numbers) {
        return json(numbers.stream().map(Object::toString).toList()); // minus infinity is no number in JSON
    }

    /** The numbers again. */
    static List<Double> numbers(String text) {
        try {
            return JSON.readValue(text, new TypeReference<List<String>>() {}).stream()
                    .map(Double::valueOf)
                    .toList();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("kept text of a reading of labels is not JSON", e);
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a request that cannot be written as JSON", e);
        }
    }

    /** A request that the model has to answer. */
    private record Open<R, E>(R request, String hash, String body, E encoded) {}

    /**
     * Replies to requests.
     *
     * @param body what the ledger keeps of a request
     * @param encode a request as the model takes it; throws {@link EncodingException} for one that cannot be asked
     * @param model replies to a part of the requests, in order
     */
    <R, E> List<Asked> of(
            List<R> requests,
            Function<R, String> body,
            Function<R, E> encode,
            BiFunction<List<R>, List<E>, List<ChatReply>> model) {
        Map<R, Asked> known = new HashMap<>();
        List<Open<R, E>> open = new ArrayList<>();
        for (R request : new LinkedHashSet<>(requests)) {
            String text = body.apply(request);
            String hash = Sha256.of("local " + identity + '\n' + text);
            PaidCall kept = ledger.history(hash).answered();
            if (kept != null) {
                known.put(request, new Asked(reply(kept), null));
                continue;
            }
            try {
                open.add(new Open<>(request, hash, text, encode.apply(request)));
            } catch (EncodingException e) {
                known.put(request, new Asked(null, name + ": " + e.getMessage()));
            }
        }
        for (int from = 0; from < open.size(); from += PART) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException(
                        name + ": interrupted after " + from + " of " + open.size() + " replies");
            }
            List<Open<R, E>> part = open.subList(from, Math.min(open.size(), from + PART));
            List<ChatReply> replies = model.apply(
                    part.stream().map(Open::request).toList(),
                    part.stream().map(Open::encoded).toList());
            List<FreeCall> calls = new ArrayList<>();
            for (int i = 0; i < part.size(); i++) {
                calls.add(call(part.get(i), replies.get(i)));
                known.put(part.get(i).request(), new Asked(replies.get(i), null));
            }
            ledger.keep(calls);
        }
        List<Asked> all = requests.stream()
                .map(request -> Objects.requireNonNull(known.get(request)))
                .toList();
        requireSome(all);
        return all;
    }

    private void requireSome(List<Asked> all) {
        if (all.stream().anyMatch(one -> one.reply() != null)) {
            answered.set(true);
        } else if (!all.isEmpty() && !answered.get()) { // one that has answered is not at fault where none can be asked
            throw new ScorerException("none of " + all.size() + " requests was answered, the first because of: "
                    + all.get(0).problem());
        }
    }

    private static ChatReply reply(PaidCall kept) {
        return new ChatReply(kept.reply(), kept.finishReason(), kept.promptTokens(), kept.completionTokens());
    }

    private static FreeCall call(Open<?, ?> open, ChatReply reply) {
        return new FreeCall(
                open.hash(),
                open.body(),
                reply.text(),
                reply.finishReason(),
                reply.promptTokens(),
                reply.completionTokens());
    }
}
