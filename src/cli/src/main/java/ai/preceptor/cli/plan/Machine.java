package ai.preceptor.cli.plan;

/**
 * One device, and how many there are.
 *
 * @param name what it is called in the table
 * @param memory bytes
 * @param operations floating-point operations a second at the peak, of the element type that is planned for
 * @param exactOperations the same in float32
 * @param bandwidth bytes a second that memory gives
 * @param link bytes a second between two devices
 * @param utilization share of the peak that a step's matrix products reach, in (0, 1]
 * @param devices number of devices, each for one learner, at least 1
 * @param process bytes that a process takes without a model
 */
public record Machine(
        String name,
        long memory,
        double operations,
        double exactOperations,
        double bandwidth,
        double link,
        double utilization,
        int devices,
        long process) {
    /** Seconds that so many operations take. */
    public double compute(double count) {
        return count / (operations * utilization);
    }

    /** The same in float32. */
    public double computeExactly(double count) {
        return count / (exactOperations * utilization);
    }

    /** Seconds in which memory gives so many bytes. */
    public double read(double bytes) {
        return bytes / bandwidth;
    }

    /**
     * Seconds in which all of {@code learners} have the sum of so many bytes: in a ring each link
     * carries {@code 2 (n - 1) / n} of them.
     */
    public double sum(double bytes, int learners) {
        return 2 * gather(bytes, learners);
    }

    /** Seconds in which all have so many bytes of which each had its part. */
    public double gather(double bytes, int learners) {
        return (double) (learners - 1) / learners * bytes / link;
    }
}
