package ai.preceptor.teacher.prompts;

/** The ways to make prompts that the program has. */
public enum PromptMethodName {
    /** {@link SelfInstruct}. */
    SELF_INSTRUCT,
    /** {@link Evolve}. */
    EVOLVE,
    /** {@link MetaPrompts}. */
    META,
    /** {@link Magpie}. */
    MAGPIE;

    /** Whether it starts from prompts that there are. */
    public boolean needsSeeds() {
        return this == SELF_INSTRUCT || this == EVOLVE;
    }
}
