package ai.preceptor.rollout.actor;

import ai.preceptor.data.Completion;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.util.List;
import java.util.OptionalLong;

/**
 * Samples completions. The generator's thread calls {@link #start}, {@link #generate}, {@link #refresh} and {@link
 * #close}, and no other thread does; it holds the device meanwhile.
 */
public interface GenerationEngine extends AutoCloseable {

    /** First call on the generator's thread: bind it to a device here. Nothing by default. */
    default void start() {}

    /**
     * Samples answers.
     *
     * @param prompts what to answer, at least one
     * @param samples answers to each prompt, 1 or more
     * @param seedBase the run's seed; those of the prompts come from it and their places, see {@link EncodedPrompt#seed}
     * @return per prompt, in order, {@code samples} answers, each with its log-probabilities
     * @throws RuntimeException if these prompts cannot be answered; the request is tried again and then set aside
     * @throws ai.preceptor.data.TeacherException if no prompt will ever be answered again; ends the run
     */
    List<List<Completion>> generate(List<EncodedPrompt> prompts, int samples, long seedBase);

    /**
     * The learner has published new weights and waits. An engine with a copy of the weights takes them now; one that
     * shares the learner's forgets what it has computed from the old ones. Nothing by default.
     *
     * @param version what the next answers are stamped with
     */
    default void refresh(long version) {}

    /**
     * Steps that a running {@link #generate} has made. Called from any thread. If it does not change for longer than the
     * plan's {@code heartbeatTimeout}, the engine is considered hung. Empty if unknown, as by default: then only the
     * deadline of a request applies.
     */
    default OptionalLong steps() {
        return OptionalLong.empty();
    }

    /**
     * Asks a running {@link #generate} to return or throw soon. Called from any thread, in addition to an interrupt of the
     * generator's thread. Nothing by default.
     */
    default void cancel() {}

    /** Last call on the generator's thread. Does not close a model that others use. Nothing by default. */
    @Override
    default void close() {}
}
