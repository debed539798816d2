package ai.preceptor.rollout;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import java.util.List;

/**
 * What actors ask of each other: the messages on the event bus. All are immutable, so within a process they are handed
 * over as they are.
 *
 * @param <R> what the answer holds
 */
sealed interface Order<R> {

    /** To the feeder: encode the prompts of {@code count} places from {@code from} on. */
    record Feed(long from, int count) implements Order<Fed> {}

    /** To a generator: sample {@code samples} answers to each prompt. */
    record Generate(List<EncodedPrompt> prompts, int samples, long seedBase) implements Order<List<List<Completion>>> {}

    /** To a generator: take the weights of {@code version}. */
    record Refresh(long version) implements Order<Ready> {}

    /** To a scorer: score these answers to the prompt at place {@code index}. */
    record Judge(long index, List<Answer> answers) implements Order<List<Score>> {}

    /** To any actor that does work: say when you can take an order. */
    record Report() implements Order<Ready> {}

    /** To the conductor, from the learner: the next {@code prompts} groups. */
    record Pull(int prompts) implements Order<List<Trajectory>> {}

    /** To the conductor, from the learner: the weights are now those of {@code version}. */
    record Publish(long version) implements Order<Ready> {}

    /** To the conductor: begin nothing more. */
    record Halt() implements Order<Ready> {}

    /**
     * Answer to {@link Feed}.
     *
     * @param prompts in order
     * @param unreadable those that could not be encoded
     * @param exhausted whether there are none after these
     */
    record Fed(List<EncodedPrompt> prompts, List<DeadLetter> unreadable, boolean exhausted) {}

    /** Answer to an order that has no other. */
    enum Ready {
        READY
    }
}
