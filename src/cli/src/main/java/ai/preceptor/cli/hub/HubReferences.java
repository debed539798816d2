package ai.preceptor.cli.hub;

import ai.preceptor.cli.yaml.References;
import ai.preceptor.cli.yaml.UnknownReferenceException;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.hub.Hub;
import ai.preceptor.hub.HubName;
import ai.preceptor.hub.HubSnapshot;
import ai.preceptor.hub.RepoKind;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code org/name} where a model or a file of rows is asked for and no local path of that name exists. What is in the cache is
 * found; what is not is noted, and promised to be there.
 *
 * @param hub asked when the first name is met
 * @param pins which commits are meant
 * @param found what names stand for, as the server said
 * @param absent gets the names that the server has to be asked for, and how they were written
 */
record HubReferences(
        Supplier<Hub> hub, PinnedCommits pins, Map<HubName, HubSnapshot> found, Map<HubName, String> absent)
        implements References {
    @Override
    public @Nullable Place find(String written) throws UnknownReferenceException {
        return find(written, PathKind.ANY);
    }

    @Override
    public @Nullable Place find(String written, PathKind kind) throws UnknownReferenceException {
        RepoKind repo = kind.isModel() ? RepoKind.MODEL : RepoKind.DATASET;
        boolean explicit = written.startsWith(HubName.SCHEME);
        if (!(kind.isModel() || kind == PathKind.ROWS) || (!explicit && exists(written))) {
            return null;
        }
        Optional<HubName> parsed = HubName.parse(repo, written).map(pins::pinned);
        if (parsed.isEmpty()) {
            if (explicit) {
                throw new UnknownReferenceException(
                        "expected hf://org/name, hf://org/name@revision or hf://org/name/file");
            }
            return null;
        }
        return place(parsed.get(), kind, written);
    }

    private Place place(HubName name, PathKind kind, String written) throws UnknownReferenceException {
        String neither = "expected " + kind.expected() + ": " + neither(written);
        try {
            Optional<HubSnapshot> cached =
                    Optional.ofNullable(found.get(name)).or(() -> hub.get().cached(name));
            if (cached.isPresent()) {
                return new Place(cached.get().path(), null);
            }
            if (hub.get().isOffline()) {
                throw new UnknownReferenceException(neither + hub.get().absent(name));
            }
        } catch (ConfigurationException e) {
            throw new UnknownReferenceException(neither + e.getMessage());
        }
        if (!written.startsWith(HubName.SCHEME) && Files.isDirectory(firstFolder(name))) {
            throw new UnknownReferenceException(String.format(
                    Locale.ROOT,
                    "expected %s: it does not exist in the directory %s, and as the name of a %s it is not wholly in the cache; to"
                            + " download it write %s%s",
                    kind.expected(),
                    firstFolder(name),
                    name.kind().singular(),
                    HubName.SCHEME,
                    name.kind() == RepoKind.DATASET ? "datasets/" + name : name));
        }
        absent.put(name, written);
        return new Place(Path.of(name.repo()), kind);
    }

    /** What the other reading of a name came to, where there is one; to be said before what this one came to. */
    static String neither(String written) {
        return written.startsWith(HubName.SCHEME)
                ? ""
                : "as a local path it does not exist, and as a name on the Hub, ";
    }

    private static Path firstFolder(HubName name) {
        return Path.of(name.repo().substring(0, name.repo().indexOf('/')));
    }

    private static boolean exists(String written) {
        try {
            return Files.exists(Path.of(written));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
