package ai.preceptor.lm.torch;

/** DJL sends usage statistics by default; this disables them. */
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
