package ai.preceptor.cli.keys.inference;

/** What is asked of a teacher. */
public enum ElicitKind {
    /** Which of a student's answers it likes best. */
    PREFERENCES,
    /** Its own answers. */
    DEMONSTRATIONS,
    /** Revisions of a student's or the rows' answers. */
    CORRECTIONS,
    /** Prompts. */
    PROMPTS
}
