package ai.preceptor.teacher.served;

import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.tokens.TokenScorer;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.served.client.ServedTeacher;
import ai.preceptor.teacher.served.client.TokenScoringRequest;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A served teacher of on-policy distillation. Every answer is one call with the token ids of prompt and answer, kept in the
 * ledger like any other, so that none is paid twice. Answers whose calls were not answered have no log-probabilities.
 *
 * <p>Servers give log-probabilities at temperature 1 only. Before the first answer one call with ids from the whole
 * vocabulary shows whether the server gives {@code prompt_logprobs} at all, and whether ids mean the same to it.
 *
 * @param teacher the teacher; not closed by this
 * @param vocabulary ids lie below it
 * @param spelling the policy's text of a token
 */
public record ServedTokenScorer(ServedTeacher teacher, int vocabulary, IntFunction<String> spelling)
        implements TokenScorer {
    /** What OpenAI and vLLM write for minus infinity. */
    private static final float NO_PROBABILITY = -9999;

    /** @throws IllegalArgumentException if the vocabulary has fewer than 2 tokens */
    public ServedTokenScorer {
        if (vocabulary < 2) {
            throw new IllegalArgumentException("vocabulary: received " + vocabulary + ", must be at least 2");
        }
    }

    @Override
    public String name() {
        return teacher.name();
    }

    /** @throws TeacherException if the server does not give {@code prompt_logprobs} */
    @Override
    public void check(List<Prompt> prompts, double temperature) {
        if (temperature != 1) {
            throw new ConfigurationException("temperature: expected 1 with a served teacher of distillation, whose"
                    + " log-probabilities are at 1, found " + temperature);
        }
        new ServedVocabulary("distill_teacher_url", vocabulary, spelling).check(teacher);
    }

    /** @throws ConfigurationException if the temperature is not 1 */
    @Override
    public List<float[]> logprobs(List<Trajectory> trajectories, double temperature) {
        if (temperature != 1) {
            throw new IllegalArgumentException("temperature: received " + temperature + ", must be 1");
        }
        List<Asked> asked = teacher.call(
                trajectories.stream().map(ServedTokenScorer::request).toList());
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Completion completion = trajectories.get(i).completion();
            int tokens = completion.allIds().length;
            JsonNode found = asked.get(i).reply() == null
                    ? null
                    : ServedVocabulary.parsed(asked.get(i)).path("logprobs");
            float[] own = new float[tokens];
            Arrays.fill(own, Float.NaN);
            for (int t = 0; found != null && t < tokens; t++) {
                float logprob = (float) found.path(t).asDouble(Double.NaN);
                own[t] = logprob > NO_PROBABILITY && Float.isFinite(logprob) ? logprob : Float.NaN;
            }
            all.add(completion.ofSampled(own));
        }
        return all;
    }

    private static TokenScoringRequest request(Trajectory one) {
        int[] prompt = one.promptIds();
        int[] answer = one.completion().allIds();
        int[] ids = Arrays.copyOf(prompt, prompt.length + answer.length);
        System.arraycopy(answer, 0, ids, prompt.length, answer.length);
        return new TokenScoringRequest(ids, prompt.length, false);
    }
}
