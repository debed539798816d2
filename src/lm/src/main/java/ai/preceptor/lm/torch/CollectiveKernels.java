package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;

/** The kernels that exchange tensors between the processes of a group; collective.kernels has them. */
public interface CollectiveKernels {
    /**
     * Waits for the other processes and makes a group with them.
     *
     * @param host where rank 0 listens
     * @param timeoutMillis for which a process waits for another, now and in every exchange
     * @param address of this machine, by which the others reach it
     * @param name of the group in this process
     */
    @Takes("host, port, rank, world, timeout_ms, address, name")
    void initGroup(String host, int port, int rank, int world, long timeoutMillis, String address, String name);

    /** Closes the connections to the others. */
    @Takes("name")
    void destroyGroup(String name);

    /** Sums each tensor over the processes, in place; gives the tensors. */
    @Takes("tensors, name")
    NDArray[] allReduce(Scope out, NDArray[] tensors, String name);

    /** Overwrites each tensor with that of one process; gives the tensors. */
    @Takes("tensors, source, name")
    NDArray[] broadcast(Scope out, NDArray[] tensors, int source, String name);
}
