package ai.preceptor.cli.hub;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.hub.HubName;
import ai.preceptor.hub.HubSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The commits that a run began with, which it goes on with, wherever the branch is by then.
 *
 * @param commits by the name of the repository without a revision; of one that is there at several commits none is meant
 */
record PinnedCommits(Map<HubName, Set<String>> commits) {
    private static final String CONFIG = "config.yaml";
    /** A recipe's stages, and their rounds, have a directory each. */
    private static final int DEPTH = 3;

    static PinnedCommits none() {
        return new PinnedCommits(Map.of());
    }

    /** Those that the configurations in a run directory name; none if it does not exist. */
    static PinnedCommits of(Path runDirectory) {
        Map<HubName, Set<String>> found = new HashMap<>();
        for (Path file : files(runDirectory)) {
            try (Stream<String> lines = Files.lines(file)) {
                lines.flatMap(line -> HubSnapshot.origins(line).stream())
                        .forEach(origin -> found.computeIfAbsent(repository(origin), repo -> new TreeSet<>())
                                .add(origin.revision()));
            } catch (IOException | UncheckedIOException e) {
                throw new ConfigurationException(file + ": cannot be read: " + e.getMessage(), e);
            }
        }
        return new PinnedCommits(found);
    }

    /** The whole of it, at no commit: a model and a data set of one name are two. */
    private static HubName repository(HubName name) {
        return new HubName(name.kind(), name.repo(), HubName.MAIN, null, null);
    }

    private static List<Path> files(Path runDirectory) {
        if (!Files.isDirectory(runDirectory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(runDirectory, DEPTH)) {
            return found.filter(file -> file.endsWith(CONFIG) && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new ConfigurationException(runDirectory + ": cannot be read: " + e.getMessage(), e);
        }
    }

    boolean isEmpty() {
        return commits.isEmpty();
    }

    /** The name at the commit that is meant. */
    HubName pinned(HubName name) {
        Set<String> known = commits.getOrDefault(repository(name), Set.of());
        return name.revision().equals(HubName.MAIN) && known.size() == 1
                ? name.at(known.iterator().next())
                : name;
    }
}
