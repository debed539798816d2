package ai.preceptor.data.setting;

/** A configuration record with conditions that no single key can state. */
public interface Checked {
    /** Reports every impossible combination; called only when each key has been read. */
    void check(Checks checks);
}
