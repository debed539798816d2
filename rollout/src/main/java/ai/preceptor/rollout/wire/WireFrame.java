package ai.preceptor.rollout.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * A frame on a {@link Connection}: 4 bytes with the length of the rest after this head, 1 byte with the kind, 8 bytes with
 * the number of the request, and a message in {@link WireFormat}, or plain bytes that answer the request.
 *
 * @param asks true for a request, false for a response
 * @param number of the request, counted by its sender
 * @param message not copied
 */
record WireFrame(boolean asks, long number, byte[] message) {
    private static final int REQUEST = 1;
    private static final int RESPONSE = 2;
    private static final int DATA = 3;
    /** Memory for a message before any of its bytes has arrived. */
    private static final int FIRST_PART = 1 << 19;

    /**
     * What precedes the bytes.
     *
     * @param length of what follows, in bytes
     */
    record Head(int length, int kind, long number) {
        /** Of plain bytes. */
        static Head data(int length, long number) {
            return new Head(length, DATA, number);
        }

        /**
         * Reads it.
         *
         * @throws EOFException at the end of the stream
         * @throws IOException if it is not one, or too long; the rest of the stream cannot be read then
         */
        static Head read(DataInputStream from) throws IOException {
            int length = from.readInt();
            int kind = from.readUnsignedByte();
            long number = from.readLong();
            if (length < 0 || length > WireFormat.LONGEST) {
                throw new IOException("message: says it has " + length + " bytes, legal: 0 to " + WireFormat.LONGEST);
            }
            if (kind < REQUEST || kind > DATA) {
                throw new IOException("message: of kind " + kind + ", legal: " + REQUEST + " to " + DATA);
            }
            return new Head(length, kind, number);
        }

        void write(DataOutputStream to) throws IOException {
            to.writeInt(length);
            to.writeByte(kind);
            to.writeLong(number);
        }

        boolean asks() {
            return kind == REQUEST;
        }

        boolean isData() {
            return kind == DATA;
        }

        /** Reads the message that follows. */
        WireFrame message(DataInputStream from) throws IOException {
            // Memory is allocated as bytes arrive, not as the length claims.
            byte[] message = new byte[Math.min(length, FIRST_PART)];
            int found = from.readNBytes(message, 0, message.length);
            while (found == message.length && found < length) {
                message = Arrays.copyOf(message, (int) Math.min(length, 2L * found));
                found += from.readNBytes(message, found, message.length - found);
            }
            if (found < length) {
                throw new EOFException("message: says it has " + length + " bytes, found " + found);
            }
            return new WireFrame(asks(), number, message);
        }
    }

    /**
     * Reads the next frame with a message.
     *
     * @throws EOFException at the end of the stream, also in the middle of a frame
     * @throws IOException if it is not a frame, or too long; the rest of the stream cannot be read then
     */
    static WireFrame read(DataInputStream from) throws IOException {
        return Head.read(from).message(from);
    }

    void write(DataOutputStream to) throws IOException {
        new Head(message.length, asks ? REQUEST : RESPONSE, number).write(to);
        to.write(message);
    }
}
