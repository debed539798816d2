package ai.preceptor.cli.keys.inference;

/** Training commands that {@code plan} knows. */
public enum PlanMethod {
    POLICY(8, true),
    RANK(2, true),
    REWARD(2, false),
    SFT(1, false),
    DISTILL(1, false);

    private final int answers;
    private final boolean reference;

    PlanMethod(int answers, boolean reference) {
        this.answers = answers;
        this.reference = reference;
    }

    /** Answers to a prompt, unless another number is given. */
    public int answers() {
        return answers;
    }

    /** Whether its usual loss compares with a reference. */
    public boolean hasReference() {
        return reference;
    }
}
