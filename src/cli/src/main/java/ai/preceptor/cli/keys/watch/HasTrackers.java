package ai.preceptor.cli.keys.watch;

/** A configuration of a command that trains. */
public interface HasTrackers extends HasMeters {
    /** How it is watched. */
    WatchKeys watch();

    @Override
    default MeterKeys meters() {
        return watch().meters();
    }
}
