package ai.preceptor.lm.torch;

/** DJL reports its use over the network unless told not to; a library of ours may not. */
public final class Telemetry {
    private static final String OPT_OUT = "OPT_OUT_TRACKING";

    private Telemetry() {}

    /** Switches the reports off, unless the environment or a system property already decides. Before DJL's first use. */
    public static void optOut() {
        if (System.getenv(OPT_OUT) == null && System.getProperty(OPT_OUT) == null) {
            System.setProperty(OPT_OUT, "true");
        }
    }
}
