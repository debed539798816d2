package ai.preceptor.lm.engine;

import ai.preceptor.data.IllegalValueException;
import ai.preceptor.lm.engine.store.KvStore;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.SampleText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks requests against a model and makes samples of them.
 *
 * @param vocabulary ids lie below it
 * @param context most tokens of a prompt and its completion
 * @param blockBytes bytes of a block of the key-value store
 * @param stops ends of sequence of the model
 * @param decode text of token ids
 */
record RequestReader(int vocabulary, int context, long blockBytes, BitSet stops, Function<int[], String> decode) {

    /**
     * Refuses what cannot be done.
     *
     * @param blocks size of the store
     */
    void check(GenerationRequest request, int blocks) {
        checkPrompt("prompt", request.promptIds());
        SamplingOptions options = request.options();
        ids("stop_ids", options.stops().ids());
        Set<Integer> allowed = options.rules().allowed();
        ids("allowed_token_ids", allowed == null ? Set.of() : allowed);
        ids("logit_bias", options.rules().logitBias().keySet());
        checkSomethingIsLeft(options);
        int needed = blocks(request);
        if (needed > blocks) {
            throw new RequestTooLargeException("request: its " + request.promptIds().length + " prompt tokens and "
                    + limit(request) + " new ones need " + needed * blockBytes
                    + " bytes of key-value store for one sample, but it has " + blocks * blockBytes);
        }
    }

    /** @param name how messages call the prompt */
    void checkPrompt(String name, int[] ids) {
        if (ids.length < 1 || ids.length >= context) {
            throw new IllegalValueException(
                    name,
                    "received " + ids.length + " tokens, must be 1 to " + (context - 1)
                            + ", one less than the model's context");
        }
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabulary) {
                throw new IllegalValueException(
                        name + ", token " + i, "received id " + ids[i] + ", must be 0 to " + (vocabulary - 1));
            }
        }
    }

    private void ids(String name, Set<Integer> ids) {
        for (int id : ids) {
            if (id >= vocabulary) {
                throw new IllegalValueException(name, "received " + id + ", must be token ids below " + vocabulary);
            }
        }
    }

    private void checkSomethingIsLeft(SamplingOptions options) {
        if (options.rules().isNone() && options.settings().minNewTokens() == 0) {
            return;
        }
        Set<Integer> allowed = options.rules().allowed();
        BitSet left = new BitSet(vocabulary);
        if (allowed == null) {
            left.set(0, vocabulary);
        } else {
            allowed.forEach(left::set);
        }
        options.rules().logitBias().forEach((id, bias) -> {
            if (bias == Double.NEGATIVE_INFINITY) {
                left.clear(id);
            }
        });
        require(
                !left.isEmpty(),
                allowed == null ? "logit_bias" : "allowed_token_ids",
                allowed == null ? "minus infinity for every token" : allowed,
                "such that a token is left after logit_bias");
        if (options.settings().minNewTokens() > 0) {
            left.andNot(ends(options));
            require(
                    !left.isEmpty(),
                    allowed == null ? "stop_token_ids" : "allowed_token_ids",
                    allowed == null ? "every token" : allowed,
                    "such that a token is left that does not end the answer, with min_new_tokens above 0");
        }
    }

    private static void require(boolean legal, String name, Object received, String expected) {
        if (!legal) {
            throw new IllegalValueException(name, "received " + received + ", must be " + expected);
        }
    }

    /** Blocks that one sample of a request needs, its prompt's included. */
    int blocks(GenerationRequest request) {
        int prompt = request.promptIds().length;
        int own = limit(request) - 1;
        return request.samples() > 1
                ? KvStore.blocksFor(prompt) + KvStore.blocksFor(own)
                : KvStore.blocksFor(prompt + own);
    }

    /** Most new tokens: what was asked, within the context. */
    int limit(GenerationRequest request) {
        return Math.min(request.options().settings().maxNewTokens(), context - request.promptIds().length);
    }

    /** The samples of a request. */
    List<Sample> samples(GenerationHandle handle, long now) {
        GenerationRequest request = handle.request();
        QueuedPrompt prompt = new QueuedPrompt(handle, deadline(request.timeLimit(), now));
        BitSet ends = ends(request.options());
        List<String> strings = request.options().stops().strings();
        List<Sample> samples = new ArrayList<>();
        for (int number = 0; number < request.samples(); number++) {
            SampleText text = request.streamed() || !strings.isEmpty() ? new SampleText(decode, strings) : null;
            samples.add(new Sample(prompt, number, ends, limit(request), text));
        }
        return samples;
    }

    private BitSet ends(SamplingOptions options) {
        BitSet ends = (BitSet) stops.clone();
        options.stops().ids().forEach(ends::set);
        return ends;
    }

    private static long deadline(@Nullable Duration limit, long now) {
        return limit == null ? Long.MAX_VALUE : now + limit.toNanos();
    }
}
