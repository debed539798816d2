package ai.preceptor.hub;

/** The kinds of repositories that can be named. */
public enum RepoKind {
    MODEL("models", "model"),
    DATASET("datasets", "dataset");

    private final String plural;
    private final String singular;

    RepoKind(String plural, String singular) {
        this.plural = plural;
        this.singular = singular;
    }

    /** As in the paths of the API, and before the name of a directory in the cache. */
    String plural() {
        return plural;
    }

    /** As a sentence has it. */
    public String singular() {
        return singular;
    }

    /** What the paths of files begin with. */
    String prefix() {
        return this == MODEL ? "" : plural + "/";
    }
}
