package ai.preceptor.hub;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.data.files.IoReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The cache of huggingface_hub on disk: {@code KINDs--ORG--NAME} with {@code refs/REVISION} (the commit as text), {@code
 * blobs/DIGEST}, and {@code snapshots/COMMIT/PATH}, relative links to blobs.
 *
 * @param root of the cache
 * @param symlinks whether snapshots hold links; else copies
 */
record HubCache(Path root, boolean symlinks) {
    /** Folders in a repository lie no deeper than anybody needs. */
    private static final int DEPTH = 16;

    Path repo(HubName name) {
        return root.resolve(folder(name));
    }

    private static String folder(HubName name) {
        return name.kind().plural() + "--" + name.repo().replace("/", "--");
    }

    Path snapshot(HubName name, String commit) {
        return repo(name).resolve("snapshots").resolve(commit);
    }

    Path blob(HubName name, BlobDigest digest) {
        return repo(name).resolve("blobs").resolve(digest.hex());
    }

    Path lock(HubName name, BlobDigest digest) {
        return root.resolve(".locks").resolve(folder(name)).resolve(digest.hex() + ".lock");
    }

    /** The commit that a revision was when it was last asked for. */
    Optional<String> commit(HubName name) {
        if (name.isCommit()) {
            return Optional.of(name.revision());
        }
        Path ref = repo(name).resolve("refs").resolve(name.revision());
        try {
            String commit = Files.isRegularFile(ref) ? Files.readString(ref).strip() : "";
            return HubName.isCommit(commit) ? Optional.of(commit) : Optional.empty();
        } catch (IOException e) {
            throw new OutputException(ref, "cannot be read: " + IoReason.of(e), e);
        }
    }

    /** Notes which commit a revision is. */
    void remember(HubName name, String commit) {
        if (!name.isCommit() && !commit(name).equals(Optional.of(commit))) {
            Path ref = repo(name).resolve("refs").resolve(name.revision());
            makeDirectories(ref);
            AtomicFiles.writeString(ref, commit);
        }
    }

    /** Files of a snapshot, with slashes; links to blobs that are gone are not among them. */
    List<String> files(Path snapshot) {
        if (!Files.isDirectory(snapshot)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(snapshot, DEPTH)) {
            return found.filter(Files::isRegularFile)
                    .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw new OutputException(snapshot, "cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new OutputException(snapshot, "cannot be read: " + IoReason.of(e), e);
        }
    }

    /** Names of the repositories that are here. */
    List<String> names(RepoKind kind) {
        String prefix = kind.plural() + "--";
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(root)) {
            return found.map(path -> String.valueOf(path.getFileName()))
                    .filter(folder -> folder.startsWith(prefix))
                    .map(folder -> folder.substring(prefix.length()).replaceFirst("--", "/"))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // they are only named as hints
        }
    }

    /** Puts a blob under its name into a snapshot. */
    void place(HubName name, String commit, String file, Path blob) {
        Path snapshot = snapshot(name, commit);
        try {
            Path pointer = snapshot.resolve(file).normalize();
            makeDirectories(pointer);
            Path parent = pointer.resolveSibling("").toRealPath();
            if (!pointer.startsWith(snapshot) || !parent.startsWith(snapshot.toRealPath())) {
                throw new HubException(name + ": refused, because \"" + file + "\" leads out of " + snapshot);
            }
            if (Files.isRegularFile(pointer)) {
                return;
            }
            Path aside = pointer.resolveSibling("." + pointer.getFileName() + "." + UUID.randomUUID() + ".aside");
            if (!linked(aside, pointer.resolveSibling("").relativize(blob))) {
                Files.copy(blob, aside);
            }
            Files.move(aside, pointer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | InvalidPathException e) {
            IOException cause = e instanceof IOException io ? io : new IOException(e.getMessage(), e);
            throw new OutputException(snapshot, "\"" + file + "\" cannot be written: " + IoReason.of(cause), cause);
        }
    }

    /** False where the system has no links, or forbids them. */
    private boolean linked(Path link, Path target) throws IOException {
        if (!symlinks) {
            return false;
        }
        try {
            Files.createSymbolicLink(link, target);
            return true;
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | SecurityException | IOException e) {
            return false;
        }
    }

    /** Makes the directory of a file. */
    static void makeDirectories(Path file) {
        try {
            Files.createDirectories(file.resolveSibling(""));
        } catch (IOException e) {
            throw new OutputException(file, "its directory cannot be made: " + IoReason.of(e), e);
        }
    }
}
