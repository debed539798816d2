package ai.preceptor.rollout.wire;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Messages as bytes: a byte that says whose they are, the version, the kind, and the parts. Reading trusts nothing: whatever
 * the bytes are, it gives a message that is legal in every part, or a {@link WireException}.
 */
final class WireFormat {
    /** Both sides must have it. */
    static final int VERSION = 2;

    /** Longest message, in bytes. */
    static final int LONGEST = 16 << 20;

    private static final int MARK = 0xA7;

    private WireFormat() {}

    /**
     * Writes.
     *
     * @throws WireException if the message is too long
     */
    static Buffer encode(Object message) {
        WireWriter to = new WireWriter().tag(MARK).tag(VERSION);
        write(to, message);
        if (to.bytes().length() > LONGEST) {
            throw new WireException("message: " + message.getClass().getSimpleName() + " of "
                    + to.bytes().length() + " bytes, at most " + LONGEST);
        }
        return to.bytes();
    }

    /**
     * Reads.
     *
     * @throws WireException if it is no message of this program and version
     */
    static Object decode(Buffer bytes) {
        if (bytes.length() > LONGEST) {
            throw new WireException("message: of " + bytes.length() + " bytes, at most " + LONGEST);
        }
        WireReader from = new WireReader(bytes);
        try {
            if (from.tag() != MARK) {
                throw from.problem("no message of rollouts");
            }
            int version = from.tag();
            if (version != VERSION) {
                throw from.problem("a message of version " + version + ", this program speaks " + VERSION);
            }
            WireKind kind = from.constant(WireKind.class);
            if (!kind.isMessage()) {
                throw from.problem(kind + " cannot stand alone");
            }
            Object message = kind.read(from);
            from.end();
            return message;
        } catch (WireException e) {
            throw e;
        } catch (RuntimeException e) { // a value that its own constructor refuses
            throw new WireException("message: " + e.getMessage(), e);
        }
    }

    static void write(WireWriter to, Object message) {
        Object wrapped = message instanceof List<?> list ? wrapped(list) : message;
        WireKind.of(wrapped).write(to, wrapped);
    }

    static Object readResult(WireReader from) {
        WireKind kind = from.constant(WireKind.class);
        if (!kind.isResult()) {
            throw from.problem(kind + " is no result");
        }
        return kind.read(from);
    }

    @SuppressWarnings("unchecked") // all elements have the type of the first
    private static Object wrapped(List<?> list) {
        if (list.isEmpty()) {
            return new WireKind.Nothing();
        }
        Object first = list.get(0);
        if (first instanceof Score) {
            return new WireKind.Scores((List<Score>) list);
        }
        return first instanceof Trajectory
                ? new WireKind.Trajectories((List<Trajectory>) list)
                : new WireKind.Completions((List<List<Completion>>) list);
    }
}
