package ai.preceptor.rollout.wire;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * The binary format of messages: a magic byte, the version, the kind, and the fields. Reading trusts nothing: it gives a
 * message that is valid in every field, or throws a {@link WireException}.
 */
final class WireFormat {
    /** Format version; must be the same on both sides. */
    static final int VERSION = 8;

    /** Longest message, in bytes. */
    static final int LONGEST = 64 << 20;

    private static final int MARK = 0xA7;

    private WireFormat() {}

    /**
     * Encodes a message.
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
     * Decodes a message.
     *
     * @throws WireException if it is not a message of this version
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
        } catch (RuntimeException e) { // a value that its constructor rejects
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
            throw from.problem(kind + " is not a result");
        }
        return kind.read(from);
    }

    @SuppressWarnings("unchecked") // all elements have the type of the first
    private static Object wrapped(List<?> list) {
        if (list.isEmpty()) {
            return new WireKind.Nothing();
        }
        return list.get(0) instanceof Score
                ? new WireKind.Scores((List<Score>) list)
                : new WireKind.Completions((List<List<Completion>>) list);
    }
}
