package ai.preceptor.rollout;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what goes to other processes, by HMAC-SHA256 (RFC 2104) with the cluster's secret: 32 bytes of signature, 8 that
 * name the sender, 8 of its number, and the message. The signature is over the place where the message goes too, so that it is of no use elsewhere,
 * and an answer's is over its question's. Nothing is encrypted.
 */
final class Seal {
    private static final String ALGORITHM = "HmacSHA256";
    static final int SIGNATURE = 32;
    private static final int HEAD = SIGNATURE + 2 * Long.BYTES;

    private final SecretKeySpec key;

    Seal(ClusterSecret secret) {
        this.key = new SecretKeySpec(secret.key(), ALGORITHM);
    }

    /**
     * A message whose signature was right.
     *
     * @param sender who sent it
     * @param number that the sender gave it
     * @param signature names the message
     */
    record Opened(long sender, long number, Buffer message, byte[] signature) {}

    /**
     * Signs.
     *
     * @param place where it goes
     * @param sender drawn by lot
     * @param number of the message among the sender's
     */
    Buffer close(byte[] place, long sender, long number, Buffer message) {
        byte[] bytes = message.getBytes();
        return Buffer.buffer(HEAD + bytes.length)
                .appendBytes(sign(place, sender, number, bytes))
                .appendLong(sender)
                .appendLong(number)
                .appendBytes(bytes);
    }

    /**
     * Checks.
     *
     * @throws WireException if it was not signed for this place with this secret
     */
    Opened open(byte[] place, Buffer sealed) {
        if (sealed.length() < HEAD || sealed.length() > HEAD + WireFormat.LONGEST) {
            throw new WireException("message: of " + sealed.length() + " bytes, which is no signed one");
        }
        byte[] signature = sealed.getBytes(0, SIGNATURE);
        long sender = sealed.getLong(SIGNATURE);
        long number = sealed.getLong(SIGNATURE + Long.BYTES);
        byte[] bytes = sealed.getBytes(HEAD, sealed.length());
        if (!MessageDigest.isEqual(signature, sign(place, sender, number, bytes))) {
            throw new WireException("message: not signed with the secret of this cluster");
        }
        return new Opened(sender, number, Buffer.buffer(bytes), signature);
    }

    /** A place that has an address. */
    static byte[] address(String address) {
        return ("to " + address).getBytes(StandardCharsets.UTF_8);
    }

    /** The place of whoever asked a question. */
    static byte[] answer(byte[] question) {
        byte[] word = "answer".getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(word.length + question.length)
                .put(word)
                .put(question)
                .array();
    }

    private byte[] sign(byte[] place, long sender, long number, byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(ByteBuffer.allocate(Integer.BYTES + 2 * Long.BYTES)
                    .putInt(place.length)
                    .putLong(sender)
                    .putLong(number)
                    .array());
            mac.update(place);
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) { // every Java has it
            throw new IllegalStateException(ALGORITHM, e);
        }
    }
}
