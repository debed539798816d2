package ai.preceptor.rollout.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * What goes over a {@link Connection}: the length of the message in 4 bytes, 1 byte that says whether it asks or answers, 8 with the
 * number of the question, and a message as {@link WireFormat} has it.
 *
 * @param asks whether it is a question; else it is the answer to one
 * @param number of the question, among those of who asked
 * @param message not copied
 */
record Frame(boolean asks, long number, byte[] message) {
    private static final int QUESTION = 1;
    private static final int ANSWER = 2;

    /**
     * The next frame.
     *
     * @throws EOFException at the end of the stream, wherever that is
     * @throws IOException if it is no frame, or longer than the longest message; then nothing after it can be read
     */
    static Frame read(DataInputStream from) throws IOException {
        int length = from.readInt();
        int kind = from.readUnsignedByte();
        long number = from.readLong();
        if (length < 0 || length > WireFormat.LONGEST) {
            throw new IOException("message: says it has " + length + " bytes, legal: 0 to " + WireFormat.LONGEST);
        }
        if (kind != QUESTION && kind != ANSWER) {
            throw new IOException("message: of kind " + kind + ", legal: " + QUESTION + " and " + ANSWER);
        }
        // Room is taken as bytes come, not as they are promised.
        byte[] message = from.readNBytes(length);
        if (message.length < length) {
            throw new EOFException("message: says it has " + length + " bytes, found " + message.length);
        }
        return new Frame(kind == QUESTION, number, message);
    }

    void write(DataOutputStream to) throws IOException {
        to.writeInt(message.length);
        to.writeByte(asks ? QUESTION : ANSWER);
        to.writeLong(number);
        to.write(message);
    }
}
