package ai.preceptor.lm.engine.timing;

/** Computes decode steps of a model, all of the same number of rows, and says how long each took. */
interface TimedSteps extends AutoCloseable {
    /** Computes one. @return nanoseconds that it took */
    long step();

    @Override
    void close();
}
