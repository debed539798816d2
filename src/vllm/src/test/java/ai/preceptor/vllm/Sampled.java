package ai.preceptor.vllm;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.rollout.message.EncodedPrompt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What tests of servers ask, and what {@link FakeVllm} answers. */
final class Sampled {
    static final int LONGEST = 6;
    static final long SEED = 11;

    private Sampled() {}

    static SamplingTerms terms() {
        return terms(SamplingOptions.unfiltered(LONGEST, 0));
    }

    static SamplingTerms terms(SamplingOptions options) {
        return new SamplingTerms(options, new int[] {FakeVllm.STOP}, FakeVllm.VOCABULARY, 100, Arrays::toString);
    }

    static VllmSettingsBuilder quick(FakeVllm... servers) {
        return VllmSettings.at(Arrays.stream(servers).map(FakeVllm::url).toArray(String[]::new))
                .rolloutTimeout(10)
                .rolloutOutage(20);
    }

    static VllmServers open(VllmSettings settings) {
        return VllmServers.open(settings, terms(), new SimpleMeterRegistry());
    }

    static List<EncodedPrompt> prompts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new EncodedPrompt(i, Prompt.plain("prompt " + i), new int[] {i % 40 + 1, 3}))
                .toList();
    }

    /** What a server with these weights answers. */
    static List<List<Completion>> expected(List<EncodedPrompt> prompts, int samples, int weights) {
        List<List<Completion>> all = new ArrayList<>();
        for (EncodedPrompt prompt : prompts) {
            List<Completion> group = new ArrayList<>();
            for (int k = 0; k < samples; k++) {
                group.add(answer(AnswerCall.of(0, k, prompt, SEED, terms()).seed(), weights));
            }
            all.add(group);
        }
        return all;
    }

    private static Completion answer(long seed, int weights) {
        int[] ids = new int[LONGEST];
        float[] logprobs = new float[LONGEST];
        int n = 0;
        do {
            ids[n] = FakeVllm.token(seed, weights, n);
            logprobs[n] = (float) FakeVllm.logprob(weights, ids[n], 1);
        } while (ids[n++] != FakeVllm.STOP && n < LONGEST);
        int[] own = Arrays.copyOf(ids, n);
        FinishReason finish = own[n - 1] == FakeVllm.STOP ? FinishReason.STOP : FinishReason.LENGTH;
        return new Completion(Arrays.toString(own), own, Arrays.copyOf(logprobs, n), finish);
    }
}
