package ai.preceptor.hub;

import java.nio.file.Path;
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
            "(?:^|[/\\\\])(models|datasets)--([^/\\\\]+?)--([^/\\\\]+)[/\\\\]snapshots[/\\\\]([0-9a-f]{40})(?:[/\\\\].*)?");

    /** The repository and commit that a path in a cache belongs to, as {@code org/name@commit}; empty for other paths. */
    public static Optional<String> origin(String path) {
        Matcher matcher = PLACE.matcher(path);
        return matcher.find()
                ? Optional.of(matcher.group(2) + "/" + matcher.group(3) + "@" + matcher.group(4))
                : Optional.empty();
    }
}
