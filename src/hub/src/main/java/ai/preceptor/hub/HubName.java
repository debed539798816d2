package ai.preceptor.hub;

import ai.preceptor.data.ConfigurationException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a user wrote to name a repository, or a part of it: {@code org/name}, {@code org/name@revision}, {@code
 * org/name/file.gguf}, {@code org/name/file.gguf@revision}; of a data set also {@code org/name:split}. {@code hf://} before it
 * says that no local path is meant; then {@code hf://datasets/org/name} is a data set too.
 *
 * @param kind model or data set
 * @param repo {@code org/name}
 * @param revision branch, tag or commit
 * @param path of a file or folder in the repository; null for the whole
 * @param split of a data set; null if not given
 */
public record HubName(
        RepoKind kind,
        String repo,
        String revision,
        @Nullable String path,
        @Nullable String split) {
    /** The branch that is meant where no revision is given. */
    public static final String MAIN = "main";

    /** What a name that cannot be a local path begins with. */
    public static final String SCHEME = "hf://";

    private static final String WORD = "[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?";
    private static final Pattern WRITTEN = Pattern.compile("(?<repo>" + WORD + "/" + WORD
            + ")(?:/(?<path>[^@:]+))?(?:@(?<revision>[^@:]+))?(?::(?<split>[A-Za-z0-9_.-]+))?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9._+-]+(?:/[A-Za-z0-9._+-]+)*");
    /** Names of local files, however far away, rather than of repositories. */
    private static final Pattern FILE = Pattern.compile(
            ".*\\.(jsonl|json|gz|csv|tsv|parquet|arrow|yaml|yml|txt|md|gguf|safetensors|java|jar|zst)",
            Pattern.CASE_INSENSITIVE);

    private static final int LONGEST = 96;

    public HubName {
        if (!RepoListing.isSafe(repo) || !RepoListing.isSafe(revision) || (path != null && !RepoListing.isSafe(path))) {
            throw new ConfigurationException("expected org/name[/path][@revision], found \"" + repo + "\", revision \""
                    + revision + "\"" + (path == null ? "" : ", path \"" + path + "\""));
        }
    }

    /**
     * Reads a name.
     *
     * @param kind what is asked for
     * @return empty if the text has not the form of one
     */
    public static Optional<HubName> parse(RepoKind kind, String written) {
        boolean explicit = written.startsWith(SCHEME);
        String text = explicit ? written.substring(SCHEME.length()) : written;
        RepoKind found = kind;
        for (RepoKind each : RepoKind.values()) {
            if (explicit && text.startsWith(each.plural() + "/")) {
                found = each;
                text = text.substring(each.plural().length() + 1);
            }
        }
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String repo = matcher.group("repo");
        String path = matcher.group("path");
        String revision = matcher.group("revision") == null ? MAIN : matcher.group("revision");
        boolean legal = repo.length() <= LONGEST
                && !repo.contains("--")
                && !repo.contains("..")
                && !repo.endsWith(".git")
                && !FILE.matcher(repo).matches()
                && (path == null
                        || (RepoListing.isSafe(path)
                                && (found == RepoKind.DATASET || path.endsWith(GgufSelection.SUFFIX))))
                && REVISION.matcher(revision).matches()
                && RepoListing.isSafe(revision)
                && (matcher.group("split") == null || found == RepoKind.DATASET);
        return legal ? Optional.of(new HubName(found, repo, revision, path, matcher.group("split"))) : Optional.empty();
    }

    /** Whether the revision is a commit, which never changes. */
    boolean isCommit() {
        return COMMIT.matcher(revision).matches();
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** The same part of another revision. */
    public HubName at(String other) {
        return new HubName(kind, repo, other, path, split);
    }

    /** Repository and revision, as they are written. */
    public String repoAtRevision() {
        return revision.equals(MAIN) ? repo : repo + "@" + revision;
    }

    /** As it is written. */
    @Override
    public String toString() {
        return repo
                + (path == null ? "" : "/" + path)
                + (revision.equals(MAIN) ? "" : "@" + revision)
                + (split == null ? "" : ":" + split);
    }
}
