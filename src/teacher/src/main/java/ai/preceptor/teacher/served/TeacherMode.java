package ai.preceptor.teacher.served;

/** What a served teacher is asked to do with answers: grade or compare. */
public enum TeacherMode {
    /** A grade from 1 to 10 for each. */
    SCORE,
    /** Which of two is better, in both orders; an answer's score is the share of the others that it beats. */
    COMPARE
}
