package ai.preceptor.cli;

import ai.preceptor.cli.plugin.OwnCode;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.files.DiskFailure;
import ai.preceptor.hub.HubException;
import ai.preceptor.lm.collective.LostLearnerException;
import ai.preceptor.train.DivergedException;
import ai.preceptor.train.learners.LearnerFailedException;

/** Exit codes of the process. */
public enum ExitCode {
    DONE(0),
    /** A defect in this program. */
    DEFECT(1),
    /** Training went to infinity; nothing is wrong with the program. */
    DIVERGED(1),
    BAD_CONFIGURATION(2),
    BAD_DATA(3),
    /** A teacher or worker failed for good. */
    TEACHER_FAILED(4),
    /** Another learner of the run was lost, or failed. */
    LEARNER_FAILED(4),
    /** The Hub cannot be reached, or sent damaged files. */
    HUB_FAILED(4),
    /** Code of the user's own failed; nothing is wrong with the program. */
    OWN_CODE_FAILED(4),
    /** A disk is full or broken; what was saved before is kept. */
    DISK_FAILED(4),
    /** The state is saved. */
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The number for {@code exit}. */
    public int number() {
        return number;
    }

    /** What {@code failure} means. */
    static ExitCode of(Throwable failure) {
        if (failure instanceof OutputException && DiskFailure.isIn(failure)) {
            return DISK_FAILED;
        }
        if (failure instanceof ConfigurationException) {
            return BAD_CONFIGURATION;
        }
        if (failure instanceof DataException) {
            return BAD_DATA;
        }
        if (failure instanceof TeacherException || failure instanceof ScorerException) {
            return TEACHER_FAILED;
        }
        if (failure instanceof LostLearnerException || failure instanceof LearnerFailedException) {
            return LEARNER_FAILED;
        }
        if (failure instanceof HubException) {
            return HUB_FAILED;
        }
        if (failure instanceof DivergedException) {
            return DIVERGED;
        }
        if (failure instanceof InterruptedRunException) {
            return INTERRUPTED;
        }
        if (DiskFailure.isIn(failure)) {
            return DISK_FAILED;
        }
        return OwnCode.isIn(failure) ? OWN_CODE_FAILED : DEFECT;
    }
}
