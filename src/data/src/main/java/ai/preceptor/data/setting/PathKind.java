package ai.preceptor.data.setting;

/** What a configured path must point to. */
public enum PathKind {
    ANY("a path"),
    FILE("an existing file"),
    ROWS("files of rows: a file, a folder, a glob such as \"train-*.parquet\", or a list of these"),
    DIRECTORY("an existing directory"),
    /** One whose files belong to other processes; unlike in an input, outputs may lie in it. */
    WATCHED_DIRECTORY("an existing directory"),
    MODEL("a model directory (config.json inside, or an adapter) or a GGUF file"),
    ADAPTER("a directory with an adapter (adapter_config.json inside)"),
    TOKENIZER("a directory with a tokenizer, or a GGUF file"),
    OUTPUT_FILE("a file that can be written"),
    OUTPUT_DIRECTORY("a directory that can be written");

    private final String expected;

    PathKind(String expected) {
        this.expected = expected;
    }

    /** What is legal, as said after "expected". */
    public String expected() {
        return expected;
    }

    /** The same for help, with names that stand for a path: those of the Hub. */
    public String legal() {
        if (isModel()) {
            return expected + "; or org/name on the Hub";
        }
        return this == ROWS ? expected + "; or org/name on the Hub, with its split org/name:SPLIT" : expected;
    }

    /** Whether the command writes there. */
    public boolean isWritten() {
        return this == OUTPUT_FILE || this == OUTPUT_DIRECTORY;
    }

    /** Whether the command reads what is there. */
    public boolean isRead() {
        return this != ANY && this != WATCHED_DIRECTORY && !isWritten();
    }

    /** Whether it is a model, or part of one, whose files may lie elsewhere too. */
    public boolean isModel() {
        return this == MODEL || this == ADAPTER || this == TOKENIZER;
    }

    /** Whether what will be {@code promised} will do here. */
    public boolean accepts(PathKind promised) {
        return this == ANY
                || promised == ANY
                || this == promised
                || (this == ROWS && promised == FILE)
                || ((this == DIRECTORY || this == TOKENIZER || this == ADAPTER) && promised == MODEL);
    }
}
