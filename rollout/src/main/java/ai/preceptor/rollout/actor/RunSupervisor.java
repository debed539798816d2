package ai.preceptor.rollout.actor;

/** The coordinator, as queues and pools see it. */
public interface RunSupervisor {

    /** Something may be able to start now. */
    void changed();

    /** True if the run has ended; late answers are ignored. */
    boolean isOver();

    /** Ends the run; the first cause counts. */
    void fail(RuntimeException cause);
}
