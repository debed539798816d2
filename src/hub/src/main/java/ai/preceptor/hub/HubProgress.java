package ai.preceptor.hub;

/** Is told how far a download is. */
@FunctionalInterface
public interface HubProgress {
    /** Tells nobody. */
    HubProgress SILENT = (name, file, done, total) -> {};

    /**
     * Called now and then, from the thread that downloads, and at the end of each file.
     *
     * @param name what is downloaded
     * @param file in the repository
     * @param done bytes of all files that are here
     * @param total bytes of all files
     */
    void update(HubName name, String file, long done, long total);
}
