package ai.preceptor.rollout.wire;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.message.DeadlineException;
import ai.preceptor.rollout.message.RemoteFailureException;
import ai.preceptor.rollout.message.WrongAnswerException;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * An exception on the wire: its kind, where the program distinguishes it, and its message. Any other exception is read as a
 * {@link RemoteFailureException} whose message names the original class. Stack traces and causes are not sent. The first
 * kind that fits is written.
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions are constructors
enum WireCause {
    TEACHER(TeacherException.class, TeacherException::new),
    SCORER(ScorerException.class, ScorerException::new),
    DATA(DataException.class, DataException::new),
    CONFIGURATION(ConfigurationException.class, ConfigurationException::new),
    STOPPED(InterruptedRunException.class, InterruptedRunException::new),
    DEADLINE(DeadlineException.class, DeadlineException::new),
    WRONG_ANSWER(WrongAnswerException.class, WrongAnswerException::new),
    CANCELLED(CancellationException.class, CancellationException::new),
    /** An error of the remote virtual machine: final, but not an error of this one. */
    ERROR(Error.class, TeacherException::new),
    OTHER(Throwable.class, RemoteFailureException::new);

    private static final int LONGEST = 4096;

    private final Class<? extends Throwable> type;
    private final Function<String, Throwable> make;

    WireCause(Class<? extends Throwable> type, Function<String, Throwable> make) {
        this.type = type;
        this.make = make;
    }

    static void write(WireWriter to, Throwable cause) {
        WireCause kind = OTHER;
        for (WireCause one : values()) {
            if (one.type.isInstance(cause)) {
                kind = one;
                break;
            }
        }
        String text =
                kind == OTHER || kind == ERROR || cause.getMessage() == null ? cause.toString() : cause.getMessage();
        if (cause instanceof RemoteFailureException) {
            text = String.valueOf(cause.getMessage()); // already has the class name
        }
        to.constant(kind).text(text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text);
    }

    static Throwable read(WireReader from) {
        WireCause kind = from.constant(WireCause.class);
        return kind.make.apply(from.text());
    }
}
