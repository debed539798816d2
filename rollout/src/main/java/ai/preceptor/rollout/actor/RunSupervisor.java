package ai.preceptor.rollout.actor;

/** What stages and pools tell the coordinator. */
public interface RunSupervisor {

    /** Something may go on now that could not before. */
    void changed();

    /** True if the run has ended, whatever still comes in. */
    boolean isOver();

    /** The run cannot go on. The first one counts. */
    void fail(RuntimeException cause);
}
