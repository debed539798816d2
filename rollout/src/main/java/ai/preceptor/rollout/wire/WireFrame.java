package ai.preceptor.rollout.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * A frame on a {@link Connection}: 4 bytes with the length of the message, 1 byte for request or response, 8 bytes with the
 * number of the request, and a message in {@link WireFormat}.
 *
 * @param asks true for a request, false for a response
 * @param number of the request, counted by its sender
 * @param message not copied
 */
record WireFrame(boolean asks, long number, byte[] message) {
    private static final int REQUEST = 1;
    private static final int RESPONSE = 2;

    /**
     * Reads the next frame.
     *
     * @throws EOFException at the end of the stream, also in the middle of a frame
     * @throws IOException if it is not a frame, or too long; the rest of the stream cannot be read then
     */
    static WireFrame read(DataInputStream from) throws IOException {
        int length = from.readInt();
        int kind = from.readUnsignedByte();
        long number = from.readLong();
        if (length < 0 || length > WireFormat.LONGEST) {
            throw new IOException("message: says it has " + length + " bytes, legal: 0 to " + WireFormat.LONGEST);
        }
        if (kind != REQUEST && kind != RESPONSE) {
            throw new IOException("message: of kind " + kind + ", legal: " + REQUEST + " and " + RESPONSE);
        }
        // Memory is allocated as bytes arrive, not as the length claims.
        byte[] message = from.readNBytes(length);
        if (message.length < length) {
            throw new EOFException("message: says it has " + length + " bytes, found " + message.length);
        }
        return new WireFrame(kind == REQUEST, number, message);
    }

    void write(DataOutputStream to) throws IOException {
        to.writeInt(message.length);
        to.writeByte(asks ? REQUEST : RESPONSE);
        to.writeLong(number);
        to.write(message);
    }
}
