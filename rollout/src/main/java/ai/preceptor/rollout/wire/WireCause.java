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
 * What went wrong, on the wire: the kind, as far as this program acts on it, and the words. Any other exception comes out
 * as one whose message names the class that it had. Stacks and causes stay behind. The first kind that fits is written.
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
    /** Of the virtual machine: it ends the run there and here, but does not count as an error of this machine. */
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
        String words =
                kind == OTHER || kind == ERROR || cause.getMessage() == null ? cause.toString() : cause.getMessage();
        if (cause instanceof RemoteFailureException) {
            words = String.valueOf(cause.getMessage()); // it has come over the wire before
        }
        to.constant(kind).text(words.length() > LONGEST ? words.substring(0, LONGEST) + "..." : words);
    }

    static Throwable read(WireReader from) {
        WireCause kind = from.constant(WireCause.class);
        return kind.make.apply(from.text());
    }
}
