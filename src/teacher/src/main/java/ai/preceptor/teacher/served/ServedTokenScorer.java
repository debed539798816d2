package ai.preceptor.teacher.served;

import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.tokens.TokenScorer;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.served.client.ServedTeacher;
import ai.preceptor.teacher.served.client.TokenScoringRequest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

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
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Ids that are compared. */
    private static final int PROBED = 64;

    /** Ids that may differ: one in so many. */
    private static final int MOST_RENAMED = 10;

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
        int count = Math.min(PROBED, vocabulary);
        int[] ids = IntStream.range(0, count)
                .map(i -> (int) ((long) i * (vocabulary - 1) / (count - 1)))
                .toArray();
        Asked asked;
        try {
            asked = teacher.call(List.of(new TokenScoringRequest(ids, 1, true))).get(0);
        } catch (ScorerException e) {
            throw new TeacherException(
                    "teacher " + name() + ": cannot score tokens by " + TokenScoringRequest.FIELD + ": "
                            + e.getMessage(),
                    e);
        }
        compare(ids, parsed(asked).path("tokens"));
    }

    private void compare(int[] ids, JsonNode theirs) {
        int different = 0;
        int compared = 0;
        String example = "";
        for (int i = 1; i < ids.length; i++) {
            String own = spelling.apply(ids[i]).strip();
            String other = theirs.path(i - 1).asText("").strip();
            if (isWhole(own) && isWhole(other)) {
                compared++;
                if (!own.equals(other)) {
                    different++;
                    example =
                            "id " + ids[i] + " is \"" + own + "\" to the student and \"" + other + "\" to the teacher";
                }
            }
        }
        if (different > compared / MOST_RENAMED) {
            throw new ConfigurationException(
                    "distill_teacher_url: " + name() + ": expected the student's vocabulary, found " + different
                            + " of " + compared + " ids that mean something else: " + example);
        }
    }

    /** Not a part of a character, which programs spell in their own ways. */
    private static boolean isWhole(String token) {
        return !token.isEmpty() && token.indexOf('\ufffd') < 0 && !token.startsWith("bytes:");
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
            JsonNode found =
                    asked.get(i).reply() == null ? null : parsed(asked.get(i)).path("logprobs");
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

    /** Our own JSON, from the reply or the ledger. */
    private static JsonNode parsed(Asked asked) {
        try {
            return JSON.readTree(
                    Objects.requireNonNull(asked.reply(), "answered").text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("kept text of a scoring call is no JSON", e);
        }
    }
}
