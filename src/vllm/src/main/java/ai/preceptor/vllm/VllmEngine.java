package ai.preceptor.vllm;

import ai.preceptor.data.Completion;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.message.WrongAnswerException;
import ai.preceptor.teacher.served.http.CallException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Samples by servers. Each answer is one call with a seed of its own, so it depends on the run's seed, the prompt's place, the
 * answer's number and the weights, up to the server's rounding: neither on which server gives it nor on retries.
 *
 * <p>A call that meets an outage goes to another server, or waits until one is back. Steps are unknown while servers work:
 * only deadlines apply.
 */
public final class VllmEngine implements GenerationEngine {
    private final VllmServers servers;
    private final AtomicReference<@Nullable SampleBatch> running = new AtomicReference<>();

    VllmEngine(VllmServers servers) {
        this.servers = servers;
    }

    @Override
    public List<List<Completion>> generate(List<EncodedPrompt> prompts, int samples, long seedBase) {
        List<AnswerCall> calls = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            for (int k = 0; k < samples; k++) {
                calls.add(AnswerCall.of(i, k, prompts.get(i), seedBase, servers.terms()));
            }
        }
        SampleBatch batch = new SampleBatch(servers, calls);
        running.set(batch);
        try {
            List<Completion> answers = batch.run();
            List<List<Completion>> all = new ArrayList<>();
            for (int i = 0; i < prompts.size(); i++) {
                all.add(List.copyOf(answers.subList(i * samples, (i + 1) * samples)));
            }
            return all;
        } finally {
            running.set(null);
        }
    }

    /**
     * As {@link #generate}, for callers that do not try again.
     *
     * @throws TeacherException if a server keeps giving replies that cannot be right, or an answer fails again and again
     */
    public List<List<Completion>> generateOnce(List<EncodedPrompt> prompts, int samples, long seedBase) {
        try {
            return generate(prompts, samples, seedBase);
        } catch (WrongAnswerException e) {
            throw new TeacherException("rollout server " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            throw e.getCause() instanceof CallException
                    ? new TeacherException("rollout server: " + e.getMessage(), e)
                    : e;
        }
    }

    @Override
    public void refresh(long version) {
        servers.publish(version);
    }

    @Override
    public void cancel() {
        SampleBatch batch = running.get();
        if (batch != null) {
            batch.cancel();
        }
    }
}
