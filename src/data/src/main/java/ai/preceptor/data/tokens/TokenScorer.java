package ai.preceptor.data.tokens;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Trajectory;
import java.util.List;

/**
 * A teacher of on-policy distillation: gives the tokens of sampled answers its own log-probabilities. Its vocabulary is the
 * policy's.
 *
 * <p>Implementations may be slow and are called from any one thread at a time.
 */
public interface TokenScorer extends AutoCloseable {

    /** A short name for messages and checkpoints. */
    String name();

    /**
     * Refuses what can never be scored, before anything is sampled. By default nothing is refused.
     *
     * @param prompts all that answers will be sampled for
     * @param temperature that log-probabilities will be asked at
     * @throws ConfigurationException naming the setting, if it cannot give log-probabilities at that temperature
     * @throws DataException naming the prompt's place, if it cannot score answers to it
     * @throws TeacherException if it will never answer
     */
    default void check(List<Prompt> prompts, double temperature) {}

    /**
     * Scores answers token by token.
     *
     * @param trajectories sampled answers with the token ids of prompt and answer; may be empty
     * @param temperature divides the logits, above 0
     * @return per trajectory {@code [tokens]}: natural-log probability of each token that the policy sampled, {@code log_softmax(z / temperature)};
     *     NaN where it could not be had, never 0
     * @throws TeacherException if it will never answer
     */
    List<float[]> logprobs(List<Trajectory> trajectories, double temperature);

    /** Frees what it holds; by default nothing. */
    @Override
    default void close() {}
}
