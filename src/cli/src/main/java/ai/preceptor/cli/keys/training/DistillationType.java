package ai.preceptor.cli.keys.training;

/** The values of {@code distillation}: whether the teacher is trained, and how. */
public enum DistillationType {
    /** It stays as it is. */
    OFFLINE,
    /** It learns the rows itself. */
    ONLINE,
    /** It is the student as it was. */
    SELF
}
