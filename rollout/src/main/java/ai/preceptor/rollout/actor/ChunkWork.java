package ai.preceptor.rollout.actor;

import java.util.OptionalLong;

/**
 * What an offline stage computes for one chunk of its rows. The result depends on the arguments only, to the bit, so that
 * it is the same in every process. One thread makes it, calls {@link #compute} and {@link #close}, and no other does.
 */
public interface ChunkWork extends AutoCloseable {
    /**
     * Computes a chunk.
     *
     * @param chunk its number in the stage, from 0
     * @param input as the stage encoded it; do not modify
     * @return the result, as the stage decodes it; at most {@link
     *     ai.preceptor.rollout.message.ActorMessage#LONGEST_CHUNK} bytes
     * @throws ai.preceptor.data.DataException if the rows, or what the model makes of them, cannot be used; ends the stage
     * @throws ai.preceptor.data.ConfigurationException if the settings cannot be used; ends the stage
     * @throws RuntimeException for any other reason; the chunk is tried again, if possible by another worker
     */
    byte[] compute(long chunk, byte[] input);

    /**
     * Steps that a running {@link #compute} has made. Called from any thread. If it does not change for longer than {@code
     * heartbeatTimeout}, the work is considered hung. Empty if unknown, as by default: then only the process is watched.
     */
    default OptionalLong steps() {
        return OptionalLong.empty();
    }

    /**
     * Asks a running {@link #compute} to return or throw soon. Called from any thread, in addition to an interrupt of the
     * thread that computes. Nothing by default.
     */
    default void cancel() {}

    /** Last call on the thread that computes. Nothing by default. */
    @Override
    default void close() {}
}
