package ai.preceptor.vllm;

import ai.preceptor.data.TeacherException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether servers have the weights that they say they have: log-probabilities of a text are compared with the student's. The
 * first comparison of a server shows how far apart rounding puts the two; later ones may be a few times as far.
 */
final class WeightAgreement {
    private static final Logger LOG = LoggerFactory.getLogger(WeightAgreement.class);

    /** Mean absolute difference in nats a token above which it is another model; rounding to bfloat16 gives a tenth of it. */
    private static final double ANOTHER_MODEL = 0.25;

    private static final double TIMES = 5;
    private static final double ROUNDING = 1e-3;

    private final Map<String, Double> first = new ConcurrentHashMap<>();

    /**
     * Compares.
     *
     * @param own of the student, in nats
     * @param theirs of the server
     * @throws TeacherException if they are too far apart
     */
    void require(String server, long version, float[] own, float[] theirs) {
        double sum = 0;
        for (int i = 0; i < own.length; i++) {
            sum += Math.abs(own[i] - theirs[i]);
        }
        double difference = sum / own.length;
        Double before = first.putIfAbsent(server, difference);
        double limit = before == null ? ANOTHER_MODEL : Math.min(ANOTHER_MODEL, ROUNDING + TIMES * before);
        LOG.info("rollout server {}: version {}: {} nats a token from the student", server, version, difference);
        if (!(difference <= limit)) {
            throw new TeacherException(String.format(
                    Locale.ROOT,
                    "rollout server %s: expected the student's weights (version %d), found log-probabilities that differ"
                            + " by %.3g nats a token, more than %.3g; docs/vllm.md says which weights vLLM loads only in part",
                    server,
                    version,
                    difference,
                    limit));
        }
    }
}
