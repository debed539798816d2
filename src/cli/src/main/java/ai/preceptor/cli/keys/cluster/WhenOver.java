package ai.preceptor.cli.keys.cluster;

/** What a worker does when its run is over or its learner is gone. */
public enum WhenOver {
    /** It ends. */
    EXIT,
    /** It waits for the next. */
    WAIT
}
