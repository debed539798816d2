package ai.preceptor.hub;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.FreeSpace;
import ai.preceptor.data.files.IoReason;
import ai.preceptor.data.setting.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds models and data sets by name: in the local Hugging Face cache, which needs no network, else on the server.
 *
 * <pre>{@code
 * Path model = Hub.system().resolve(RepoKind.MODEL, "HuggingFaceTB/SmolLM2-135M-Instruct");
 * }</pre>
 *
 * <p>For several threads and processes at once.
 */
public final class Hub {
    private final HubSettings settings;
    private final HubCache cache;

    /** With a cache, a server and a token. */
    public Hub(HubSettings settings) {
        this.settings = settings;
        this.cache = new HubCache(settings.cache(), settings.symlinks());
    }

    /** With those of this process's environment. */
    public static Hub system() {
        return new Hub(HubSettings.system());
    }

    /** Whether nothing is asked of the server. */
    public boolean isOffline() {
        return settings.offline();
    }

    /**
     * The path that a text means: a local path if there is such a one, else what a name stands for.
     *
     * @throws ConfigurationException if it is neither, or the name stands for nothing that can be used
     * @throws HubException if the server fails
     * @throws OutputException if the cache cannot be written
     */
    public Path resolve(RepoKind kind, String written) {
        if (!written.startsWith(HubName.SCHEME) && Files.exists(Path.of(written))) {
            return Path.of(written);
        }
        HubName name = HubName.parse(kind, written)
                .orElseThrow(() -> new ConfigurationException("\"" + written
                        + "\" is neither a local path that exists nor the name of a " + kind.singular()
                        + " (org/name, org/name@revision)"));
        return get(name, HubProgress.SILENT).path();
    }

    /**
     * What the cache has of a name, if it is all that is needed; asks nobody. What may be a part only counts as all of it where
     * nothing is asked of the server anyway.
     */
    public Optional<HubSnapshot> cached(HubName name) {
        return cached(name, settings.offline());
    }

    private Optional<HubSnapshot> cached(HubName name, boolean partly) {
        return cache.commit(name).flatMap(commit -> {
            Path snapshot = cache.snapshot(name, commit);
            List<String> files = cache.files(snapshot);
            FileSelection selection = FileSelection.of(name);
            boolean enough = partly ? selection.missing(snapshot, files).isEmpty() : selection.isWhole(snapshot, files);
            return files.isEmpty() || !enough
                    ? Optional.empty()
                    : Optional.of(new HubSnapshot(name, commit, selection.path(snapshot, files)));
        });
    }

    /**
     * What a name stands for: from the cache, or downloaded.
     *
     * @throws ConfigurationException if there is no such repository, revision or file, access needs a token, nothing in it can
     *     be used, or it is not in the cache and the server must not be asked
     * @throws HubException if the server cannot be reached, or sends something else than it says
     * @throws OutputException if the cache cannot be written, or has no room
     */
    public HubSnapshot get(HubName name, HubProgress progress) {
        Optional<HubSnapshot> here = cached(name);
        if (here.isPresent()) {
            return here.get();
        }
        if (settings.offline()) {
            throw new ConfigurationException(absent(name));
        }
        try {
            return download(name, progress);
        } catch (ConfigurationException e) {
            if (e instanceof OutputException) {
                throw e;
            }
            throw new ConfigurationException(e.getMessage() + near(name), e);
        } catch (HubException e) {
            if (cached(name, true).isEmpty()) {
                throw e;
            }
            throw new HubException(e.getMessage() + "; HF_HUB_OFFLINE=1 takes what the cache has", e);
        }
    }

    private HubSnapshot download(HubName name, HubProgress progress) {
        HubRequests requests = new HubRequests(settings);
        RepoListing listing = requests.listing(name);
        String commit = listing.commit();
        Path snapshot = cache.snapshot(name, commit);
        FileSelection selection = FileSelection.of(name);
        List<String> chosen = selection.of(listing.files());
        Set<String> here = Set.copyOf(cache.files(snapshot));
        List<RemoteFile> wanted = new ArrayList<>();
        for (String file : chosen) {
            if (!here.contains(file)) {
                wanted.add(requests.head(name, commit, file));
            }
        }
        requireRoom(name, wanted);
        List<Path> blobs = fetch(requests, name, commit, wanted, progress);
        for (int i = wanted.size() - 1;
                i >= 0;
                i--) { // a model's weights last, without which it does not count as whole
            cache.place(name, commit, wanted.get(i).path(), blobs.get(i));
        }
        cache.remember(name, commit);
        return new HubSnapshot(name, commit, selection.path(snapshot, listing.files()));
    }

    private List<Path> fetch(
            HubRequests requests, HubName name, String commit, List<RemoteFile> wanted, HubProgress progress) {
        long total = wanted.stream().mapToLong(file -> Math.max(0, file.size())).sum();
        long done = 0;
        List<Path> blobs = new ArrayList<>();
        for (RemoteFile file : wanted) {
            long before = done;
            BlobDownload download = new BlobDownload(
                    requests,
                    cache,
                    settings.retries(),
                    bytes -> progress.update(name, file.path(), before + bytes, Math.max(total, before + bytes)));
            blobs.add(download.fetch(name, commit, file));
            done += Math.max(0, file.size());
            progress.update(name, file.path(), done, Math.max(total, done));
        }
        return blobs;
    }

    /** Before anything is downloaded. */
    private void requireRoom(HubName name, List<RemoteFile> wanted) {
        long needed = 0;
        Path repo = cache.repo(name);
        try {
            for (RemoteFile file : wanted) {
                Path blob = cache.blob(name, file.digest());
                Path partial = blob.resolveSibling(file.digest().hex() + BlobDownload.INCOMPLETE);
                long here = Files.isRegularFile(partial) ? Files.size(partial) : 0;
                needed += Files.exists(blob) ? 0 : Math.max(0, file.size() - here);
            }
            Files.createDirectories(repo);
            OptionalLong free = FreeSpace.of(repo);
            if (free.isPresent() && free.getAsLong() < needed) {
                throw new OutputException(
                        settings.cache(),
                        String.format(
                                Locale.ROOT,
                                "%,d MB free; %s takes %,d MB more; set HF_HUB_CACHE to a directory with room",
                                free.getAsLong() >> 20,
                                name.repo(),
                                needed >> 20),
                        new IOException("no space left"));
            }
        } catch (IOException e) {
            throw new OutputException(settings.cache(), "cannot be written: " + IoReason.of(e), e);
        }
    }

    /** Why a name cannot be had without the server, as a sentence's end. */
    public String absent(HubName name) {
        String incomplete = cache.commit(name)
                .map(commit -> incomplete(name, cache.snapshot(name, commit)))
                .orElse("");
        return name.kind().singular() + " " + name.repoAtRevision() + " is not in the cache " + settings.cache()
                + incomplete + near(name) + "; nothing is downloaded, since HF_HUB_OFFLINE is set";
    }

    private String incomplete(HubName name, Path snapshot) {
        List<String> files = cache.files(snapshot);
        String missing = FileSelection.of(name).missing(snapshot, files);
        return files.isEmpty() || missing.isEmpty()
                ? ""
                : ": the cache has it without " + missing + ", only with " + ModelSelection.some(files);
    }

    /** Another name of the cache that may have been meant. */
    private String near(HubName name) {
        List<String> others = cache.names(name.kind()).stream()
                .filter(other -> !other.equals(name.repo()))
                .toList();
        return new Nearest(others)
                .to(name.repo())
                .map(near -> "; nearest in the cache is " + near)
                .orElse("");
    }
}
