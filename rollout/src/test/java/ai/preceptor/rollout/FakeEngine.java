package ai.preceptor.rollout;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** An engine whose answers are a function of prompt, seed, sample and the version it was last told of. */
public class FakeEngine implements GenerationEngine {
    final AtomicInteger prompts = new AtomicInteger();
    public final AtomicInteger requests = new AtomicInteger();
    public final AtomicLong version = new AtomicLong();
    final AtomicInteger closed = new AtomicInteger();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    volatile boolean running;

    @Override
    public void start() {
        threads.add(Thread.currentThread());
    }

    @Override
    public List<List<Completion>> generate(List<EncodedPrompt> asked, int samples, long seedBase) {
        threads.add(Thread.currentThread());
        running = true;
        try {
            requests.incrementAndGet();
            before(asked);
            List<List<Completion>> answers = new ArrayList<>();
            for (EncodedPrompt prompt : asked) {
                List<Completion> some = new ArrayList<>();
                for (int sample = 0; sample < samples; sample++) {
                    some.add(answer(prompt, prompt.seed(seedBase), sample));
                }
                answers.add(some);
                prompts.incrementAndGet();
            }
            return answers;
        } finally {
            running = false;
        }
    }

    /** For engines that are slow or fail. */
    protected void before(List<EncodedPrompt> asked) {}

    private Completion answer(EncodedPrompt prompt, long seed, int sample) {
        int length = 1 + (int) Long.remainderUnsigned(EncodedPrompt.mix(seed + sample), 7);
        int[] ids = new int[length];
        float[] logprobs = new float[length];
        for (int i = 0; i < length; i++) {
            ids[i] = (int) Long.remainderUnsigned(EncodedPrompt.mix(seed + 31L * sample + i), 1000);
            logprobs[i] = -1 - i - version.get();
        }
        String text = prompt.prompt().text().asString() + "/" + sample + "@" + version.get();
        return new Completion(text, ids, logprobs, FinishReason.STOP);
    }

    @Override
    public void refresh(long newVersion) {
        threads.add(Thread.currentThread());
        version.set(newVersion);
    }

    @Override
    public void close() {
        threads.add(Thread.currentThread());
        closed.incrementAndGet();
    }
}
