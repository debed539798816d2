package ai.preceptor.rollout.actor;

import ai.preceptor.data.Completion;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.util.List;
import java.util.OptionalLong;

/**
 * What samples answers. The generator's thread calls {@link #start}, {@link #generate}, {@link #refresh} and {@link
 * #close}, and no other thread does; that thread owns the device while it is in one of them.
 */
public interface GenerationEngine extends AutoCloseable {

    /** First call on the generator's thread: the place to bind it to a device. Nothing by default. */
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
     * How far a running {@link #generate} has come: a number that grows with every step that it makes. From any thread. Where
     * it stands still for longer than the plan's {@code heartbeatTimeout}, the engine is taken to hang. Empty where that is
     * not known, as by default: then only the deadline of a request tells.
     */
    default OptionalLong steps() {
        return OptionalLong.empty();
    }

    /**
     * Asks a running {@link #generate} to end soon, by returning or throwing. From any thread, beside an interrupt of the
     * generator's thread. Nothing by default: the request then ends when it ends.
     */
    default void cancel() {}

    /** Last call on the generator's thread. Does not close a model that others use. Nothing by default. */
    @Override
    default void close() {}
}
