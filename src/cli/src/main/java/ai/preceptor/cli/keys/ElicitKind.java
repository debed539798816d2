package ai.preceptor.cli.keys;

/** What is asked of a teacher. */
public enum ElicitKind {
    /** Which of a student's answers it likes best. */
    PREFERENCES,
    /** Its own answers. */
    DEMONSTRATIONS
}
