package ai.preceptor.cli.plan;

/**
 * A way to train.
 *
 * @param name for the table
 * @param adapter numbers of an adapter; 0 trains all weights
 * @param checkpointing whether only the inputs of layers are kept
 * @param learners processes that share a step, each with a device of its own
 * @param sharded whether each holds its part of the optimizer's states only (ZeRO-1)
 */
public record Way(String name, long adapter, boolean checkpointing, int learners, boolean sharded) {
    /** Numbers that are trained. */
    public long trained(ModelSize model) {
        return adapter > 0 ? adapter : model.parameters();
    }
}
