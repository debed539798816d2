package ai.preceptor.hub;

import java.nio.file.Path;
import java.util.List;

/** Which files of a repository are wanted. */
interface FileSelection {
    /**
     * Those that are wanted, of all that there are.
     *
     * @throws ai.preceptor.data.ConfigurationException if the repository has nothing that can be used, saying what it has
     */
    List<String> of(List<String> files);

    /** What is missing of a snapshot in the cache that would have to be there, in words; empty if it can be used as it is. */
    String missing(Path snapshot, List<String> files);

    /** Whether a snapshot in the cache is known to have all that the repository has of it; else the server's list says. */
    boolean isWhole(Path snapshot, List<String> files);

    /** What the name stands for. */
    Path path(Path snapshot, List<String> files);

    /** The selection that a name asks for. */
    static FileSelection of(HubName name) {
        if (name.kind() == RepoKind.DATASET) {
            return new DatasetSelection(name);
        }
        String path = name.path();
        return path == null ? new ModelSelection(name) : new GgufSelection(name, path);
    }
}
