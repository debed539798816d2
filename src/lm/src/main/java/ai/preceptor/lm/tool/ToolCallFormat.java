package ai.preceptor.lm.tool;

/** How a model writes its calls. */
public enum ToolCallFormat {
    /** JSON between {@code <tool_call>} and {@code </tool_call>}, see {@link HermesCalls}. */
    HERMES("tools.txt") {
        @Override
        public ToolCallParser parser() {
            return new HermesCalls();
        }
    },
    /** The whole turn is JSON, see {@link LlamaCalls}. */
    LLAMA3("tools-llama3.txt") {
        @Override
        public ToolCallParser parser() {
            return new LlamaCalls();
        }
    };

    private final String instructions;

    ToolCallFormat(String instructions) {
        this.instructions = instructions;
    }

    /** The resource with what a system message says of the tools and of this format. */
    String instructions() {
        return instructions;
    }

    /** Reads them. */
    public abstract ToolCallParser parser();
}
