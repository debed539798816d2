package ai.preceptor.data.setting;

/**
 * A record that joins groups of settings, with conditions that no single group can state. The conditions of a group stand in
 * its own constructor ({@link Refusals}).
 */
public interface Checked {
    /** Reports every impossible combination; called only when each key has been read. */
    void check(Checks checks);
}
