package ai.preceptor.vllm;

import ai.preceptor.teacher.served.http.CallException;
import java.nio.file.Path;

/**
 * How a server gets weights, and how it is known which it has. Both calls block, and may be repeated: a push whose reply was
 * lost is pushed again.
 */
public interface WeightPublication {
    /**
     * Makes the server load weights. Nothing is sampled meanwhile.
     *
     * @param weights directory, under the path that the server sees too
     * @param version of the weights
     * @return the model's name in calls from now on
     * @throws CallException if the server does not answer, or refuses
     */
    String push(ServerCalls server, Path weights, long version);

    /**
     * Asks the server whether it still has what was last pushed to it: not so after a restart.
     *
     * @param model what {@link #push} returned
     * @throws CallException if the server does not answer
     */
    boolean serves(ServerCalls server, String model);

    /**
     * Frees what was last pushed, at the end of a run. Nothing by default.
     *
     * @throws CallException if the server does not answer
     */
    default void release(ServerCalls server) {}

    /** Whether calls name the version, so that a server which has lost it refuses them. */
    boolean isNamed();

    /** What the server must be started with for this to work, for errors. */
    String needs();
}
