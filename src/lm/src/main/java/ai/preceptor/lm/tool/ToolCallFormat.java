package ai.preceptor.lm.tool;

/** How a model writes its calls. */
public enum ToolCallFormat {
    /** JSON between {@code <tool_call>} and {@code </tool_call>}, see {@link HermesCalls}. */
    HERMES {
        @Override
        public ToolCallParser parser() {
            return new HermesCalls();
        }
    },
    /** The whole turn is JSON, see {@link LlamaCalls}. */
    LLAMA3 {
        @Override
        public ToolCallParser parser() {
            return new LlamaCalls();
        }
    };

    /** Reads them. */
    public abstract ToolCallParser parser();
}
