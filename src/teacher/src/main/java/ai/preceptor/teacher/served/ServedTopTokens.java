package ai.preceptor.teacher.served;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.ScorerException;
import ai.preceptor.lm.TopTokens;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.served.client.ServedTeacher;
import ai.preceptor.teacher.served.client.TopTokensRequest;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The most probable tokens of a served teacher at places of given tokens. Every sequence is one call, kept in the ledger like
 * any other, so that none is paid twice. Servers give these at temperature 1 only.
 *
 * @param teacher the teacher; not closed by this
 * @param vocabulary ids lie below it
 * @param spelling the student's text of a token
 */
public record ServedTopTokens(ServedTeacher teacher, int vocabulary, IntFunction<String> spelling) {
    /** The least log-probability of all other tokens together, as of those of a local teacher. */
    private static final double LEAST = 1e-30;

    /** Tokens at each place that servers give unless they were started otherwise. */
    private static final int GIVEN = 20;

    /**
     * Tokens and the places among them that are asked for.
     *
     * @param ids token ids, at least 2; not copied, do not modify
     * @param places indices of {@code ids}, 1 or more: the distributions that predict these tokens
     */
    @SuppressWarnings("ArrayRecordComponent") // on their way to a server, compared by nobody
    public record Places(int[] ids, int[] places) {}

    /**
     * Tests the server with one call.
     *
     * @throws ai.preceptor.data.TeacherException if it does not give {@code prompt_logprobs}
     * @throws ai.preceptor.data.ConfigurationException if more than one id in ten means something else to it
     */
    public void check() {
        new ServedVocabulary("teacher_url", vocabulary, spelling).check(teacher);
    }

    /**
     * The same, and one more call where a server may give fewer tokens than are wanted: more than 20 need another limit in
     * vLLM.
     *
     * @param k how many tokens at each place, at least 1
     * @throws ConfigurationException if it gives fewer
     */
    public void check(int k) {
        check();
        if (k <= GIVEN) {
            return;
        }
        Asked asked;
        try {
            asked = teacher.call(List.of(new TopTokensRequest(new int[] {0, 1}, k, vocabulary)))
                    .get(0);
        } catch (ScorerException e) {
            throw tooMany(k, String.valueOf(e.getMessage()), e);
        }
        if (asked.reply() == null) {
            throw tooMany(k, String.valueOf(asked.problem()), null);
        }
    }

    private ConfigurationException tooMany(int k, String problem, @Nullable Throwable cause) {
        String message = "teacher_top_k: expected as many tokens as " + teacher.name()
                + " gives at each place (prompt_logprobs), found " + k + ": " + problem;
        return cause == null ? new ConfigurationException(message) : new ConfigurationException(message, cause);
    }

    /**
     * Asks for all together.
     *
     * @param k how many tokens at each place, at least 1
     * @return for each sequence its places' tokens; null where its call was not answered
     * @throws ai.preceptor.data.ScorerException if not one was answered
     */
    public List<@Nullable TopTokens> topTokens(List<Places> sequences, int k) {
        List<Asked> asked = teacher.call(sequences.stream()
                .map(one -> new TopTokensRequest(one.ids(), k, vocabulary))
                .toList());
        List<@Nullable TopTokens> all = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            all.add(
                    asked.get(i).reply() == null
                            ? null
                            : read(
                                    ServedVocabulary.parsed(asked.get(i)),
                                    sequences.get(i).places(),
                                    k));
        }
        return all;
    }

    private static TopTokens read(JsonNode kept, int[] places, int k) {
        int[] ids = new int[places.length * k];
        float[] logprobs = new float[places.length * (k + 1)];
        for (int row = 0; row < places.length; row++) {
            JsonNode own = kept.path("ids").path(places[row] - 1);
            JsonNode numbers = kept.path("logprobs").path(places[row] - 1);
            double rest = 1;
            for (int j = 0; j < k; j++) {
                double logprob = numbers.path(j).doubleValue();
                ids[row * k + j] = own.path(j).intValue();
                logprobs[row * (k + 1) + j] = (float) logprob;
                rest -= Math.exp(logprob);
            }
            logprobs[row * (k + 1) + k] = (float) Math.log(Math.max(LEAST, rest));
        }
        return new TopTokens(k, ids, logprobs);
    }
}
