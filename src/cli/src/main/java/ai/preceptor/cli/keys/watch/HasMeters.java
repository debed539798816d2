package ai.preceptor.cli.keys.watch;

/** A configuration of a command that has meters. */
public interface HasMeters {
    /** Where they can be collected. */
    MeterKeys meters();
}
