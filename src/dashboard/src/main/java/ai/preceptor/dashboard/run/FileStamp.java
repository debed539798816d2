package ai.preceptor.dashboard.run;

/**
 * What tells whether a file has changed.
 *
 * @param size bytes
 * @param modified milliseconds since 1970
 */
record FileStamp(long size, long modified) {
    /** Of a file that is not there. */
    static final FileStamp NONE = new FileStamp(-1, 0);

    boolean exists() {
        return size >= 0;
    }
}
