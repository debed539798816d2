package ai.preceptor.cli.keys.elicit;

/** Where the better answer of a pair comes from. */
public enum ChosenAnswer {
    /** The student: its answer with the better score. */
    SCORE,
    /** The row: its own answer, against each of the student's. Nobody scores. */
    ROW
}
