package ai.preceptor.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a name stands for.
 *
 * @param name as it was written
 * @param commit 40 hexadecimal digits
 * @param path the directory of a model, one file, or a pattern of the files of a split ({@code .../train-*.parquet})
 */
public record HubSnapshot(HubName name, String commit, Path path) {
    private static final Pattern PLACE = Pattern.compile(
            "(?:^|[/\\\\])(models|datasets)--([^/\\\\]+?)--([^/\\\\]+)[/\\\\]snapshots[/\\\\]([0-9a-f]{40})");

    /** The repository and commit that a path in a cache belongs to, as {@code org/name@commit}; empty for other paths. */
    public static Optional<String> origin(String path) {
        return origins(path).stream().map(HubName::repoAtRevision).findFirst();
    }

    /** The repositories and commits that the paths in a text belong to: a list of paths, or a line of a configuration. */
    public static List<HubName> origins(String text) {
        List<HubName> found = new ArrayList<>();
        Matcher matcher = PLACE.matcher(text);
        while (matcher.find()) {
            RepoKind kind = matcher.group(1).equals(RepoKind.MODEL.plural()) ? RepoKind.MODEL : RepoKind.DATASET;
            String repo = matcher.group(2) + "/" + matcher.group(3);
            if (RepoListing.isSafe(repo)) {
                found.add(new HubName(kind, repo, matcher.group(4), null, null));
            }
        }
        return found;
    }
}
