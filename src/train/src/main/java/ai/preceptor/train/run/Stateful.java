package ai.preceptor.train.run;

import java.nio.file.Path;

/**
 * Something whose state a checkpoint must hold for a resumed run to equal an uninterrupted one: parameters and
 * optimizer, a row source that samples, an objective with a running mean.
 */
public interface Stateful {

    /** Writes the state as files of its own names into the directory {@code checkpoint}. */
    void saveState(Path checkpoint);

    /** Takes back, to the last bit, what {@link #saveState} wrote. */
    void loadState(Path checkpoint);
}
