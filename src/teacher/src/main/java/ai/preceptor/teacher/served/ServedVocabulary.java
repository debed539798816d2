package ai.preceptor.teacher.served;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
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
 * Whether token ids mean the same to a server as to the student: one call with ids from the whole vocabulary, which also shows
 * whether the server gives {@code prompt_logprobs} at all.
 *
 * @param key that names the server, for messages
 * @param size ids lie below it
 * @param spelling the student's text of a token
 */
public record ServedVocabulary(String key, int size, IntFunction<String> spelling) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Ids that are compared. */
    private static final int PROBED = 64;

    /** Ids that may differ: one in so many. */
    private static final int MOST_RENAMED = 10;

    /** @throws IllegalArgumentException if the vocabulary has fewer than 2 tokens */
    public ServedVocabulary {
        if (size < 2) {
            throw new IllegalArgumentException("vocabulary: received " + size + ", must be at least 2");
        }
    }

    /**
     * Asks.
     *
     * @throws TeacherException if the server does not give {@code prompt_logprobs}
     * @throws ConfigurationException if more than one id in ten means something else
     */
    void check(ServedTeacher teacher) {
        int[] ids = probe(size);
        Asked asked;
        try {
            asked = teacher.call(List.of(new TokenScoringRequest(ids, 1, true))).get(0);
        } catch (ScorerException e) {
            throw new TeacherException(
                    "teacher " + teacher.name() + ": cannot score tokens by " + TokenScoringRequest.FIELD + ": "
                            + e.getMessage(),
                    e);
        }
        List<String> theirs = new ArrayList<>();
        parsed(asked).path("tokens").forEach(token -> theirs.add(token.asText("")));
        compare(key, teacher.name(), Arrays.copyOfRange(ids, 1, ids.length), theirs, spelling);
    }

    /** Ids from the whole vocabulary to compare. */
    public static int[] probe(int vocabulary) {
        int count = Math.min(PROBED, vocabulary);
        return IntStream.range(0, count)
                .map(i -> (int) ((long) i * (vocabulary - 1) / (count - 1)))
                .toArray();
    }

    /**
     * Compares what ids mean.
     *
     * @param key that names the server, for messages
     * @param server its name
     * @param theirs the server's spelling of each id; what is missing is not compared
     * @param spelling the student's
     * @throws ConfigurationException if more than one id in ten means something else
     */
    public static void compare(
            String key, String server, int[] ids, List<String> theirs, IntFunction<String> spelling) {
        int different = 0;
        int compared = 0;
        String example = "";
        for (int i = 0; i < Math.min(ids.length, theirs.size()); i++) {
            String own = spelling.apply(ids[i]).strip();
            String other = theirs.get(i).strip();
            if (isWhole(own) && isWhole(other)) {
                compared++;
                if (!own.equals(other)) {
                    different++;
                    example = "id " + ids[i] + " is \"" + own + "\" to the student and \"" + other + "\" to the server";
                }
            }
        }
        if (different > compared / MOST_RENAMED) {
            throw new ConfigurationException(key + ": " + server + ": expected the student's vocabulary, found "
                    + different + " of " + compared + " ids that mean something else: " + example);
        }
    }

    /** Not a part of a character, which programs spell in their own ways. */
    private static boolean isWhole(String token) {
        return !token.isEmpty() && token.indexOf('\ufffd') < 0 && !token.startsWith("bytes:");
    }

    /** Our own JSON, from the reply or the ledger. */
    static JsonNode parsed(Asked asked) {
        try {
            return JSON.readTree(
                    Objects.requireNonNull(asked.reply(), "answered").text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("kept text of a scoring call is not JSON", e);
        }
    }
}
