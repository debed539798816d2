package ai.preceptor.train.run;

/**
 * What another process may ask of a training run: by a file in its run directory, which the loop looks for between two steps
 * and removes. Files of an earlier process are removed when a run directory is opened.
 */
public enum RunRequest {
    /** Save a checkpoint and end, as on Ctrl-C. */
    STOP("stop.request"),
    /** Save a checkpoint after the current step and continue. */
    SAVE("save.request");

    private final String file;

    RunRequest(String file) {
        this.file = file;
    }

    /** Name of the file; its content does not matter. */
    public String file() {
        return file;
    }
}
