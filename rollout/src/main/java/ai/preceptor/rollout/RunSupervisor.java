package ai.preceptor.rollout;

/** What stages and pools tell the coordinator. */
interface RunSupervisor {

    /** Something may go on now that could not before. */
    void changed();

    /** True if the run has ended, whatever still comes in. */
    boolean isOver();

    /** The run cannot go on. The first one counts. */
    void fail(RuntimeException cause);
}
