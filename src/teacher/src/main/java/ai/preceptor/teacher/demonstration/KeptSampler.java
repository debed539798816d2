package ai.preceptor.teacher.demonstration;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.FreeCall;
import ai.preceptor.teacher.ledger.PaidCall;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers of a model on this machine, kept in the ledger of calls batch by batch, so that none is computed twice. A batch of
 * which a part is missing is sampled again as a whole, with the same stream, and gives what an uninterrupted run would have
 * got. Completions from the ledger have no tokens, only words.
 *
 * @param sampler who answers, a function of prompts and stream
 * @param identity all that its answers depend on beside these: the weights' digest, sampling settings, seed
 * @param answers to each prompt, 1 or more
 * @param ledger where they are kept; stays its owner's to close
 */
public record KeptSampler(AnswerSampler sampler, String identity, int answers, CallLedger ledger)
        implements AnswerSampler {
    private static final JsonMapper JSON = new JsonMapper();

    /** An answer's place in the ledger. */
    private record Call(String hash, String request) {}

    @Override
    public List<List<Completion>> sample(List<Prompt> prompts, long stream) {
        List<List<Call>> calls = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            calls.add(calls(prompts.get(i), i, stream));
        }
        return kept(calls).orElseGet(() -> {
            List<List<Completion>> sampled = sampler.sample(prompts, stream);
            keep(calls, sampled);
            return kept(calls).orElse(sampled);
        });
    }

    private List<Call> calls(Prompt prompt, int place, long stream) {
        List<Call> all = new ArrayList<>();
        for (int answer = 0; answer < answers; answer++) {
            Map<String, @Nullable Object> request = new LinkedHashMap<>();
            request.put("prompt", prompt.text().toJson());
            request.put("columns", prompt.columns());
            request.put("stream", stream);
            request.put("place", place);
            request.put("answer", answer);
            String body = json(request);
            all.add(new Call(Sha256.of("local answers " + identity + '\n' + body), body));
        }
        return all;
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a prompt that cannot be written as JSON", e);
        }
    }

    /** All answers of a batch, if none is missing. */
    private Optional<List<List<Completion>>> kept(List<List<Call>> calls) {
        List<List<Completion>> all = new ArrayList<>();
        for (List<Call> prompt : calls) {
            List<Completion> own = new ArrayList<>();
            for (Call call : prompt) {
                PaidCall known = ledger.history(call.hash()).answered();
                if (known == null) {
                    return Optional.empty();
                }
                FinishReason reason = FinishReason.valueOf(known.finishReason().toUpperCase(Locale.ROOT));
                own.add(new Completion(known.reply(), new int[0], new float[0], reason));
            }
            all.add(own);
        }
        return Optional.of(all);
    }

    private void keep(List<List<Call>> calls, List<List<Completion>> sampled) {
        List<FreeCall> free = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            for (int k = 0; k < answers; k++) {
                Completion answer = sampled.get(i).get(k);
                free.add(new FreeCall(
                        calls.get(i).get(k).hash(),
                        calls.get(i).get(k).request(),
                        answer.text(),
                        answer.finishReason().name().toLowerCase(Locale.ROOT),
                        0,
                        answer.length()));
            }
        }
        ledger.keep(free);
    }
}
