package ai.preceptor.rollout.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/**
 * The self-signed certificate around a public key that TLS requires (RFC 5280). Only the key is checked, so it holds as
 * little as possible and never expires.
 */
final class ClusterCertificate {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTF8_STRING = 0x0C;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int LONGEST_SHORT = 127;
    private static final byte[] ECDSA_WITH_SHA256 = {0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 4, 3, 2};
    private static final byte[] COMMON_NAME = {0x55, 4, 3};

    private ClusterCertificate() {}

    static X509Certificate of(ClusterKey key) {
        byte[] algorithm = node(SEQUENCE, node(OBJECT_IDENTIFIER, ECDSA_WITH_SHA256));
        byte[] name = node(
                SEQUENCE,
                node(SET, node(SEQUENCE, node(OBJECT_IDENTIFIER, COMMON_NAME), node(UTF8_STRING, ascii("preceptor")))));
        byte[] valid = node(
                SEQUENCE,
                node(GENERALIZED_TIME, ascii("19700101000000Z")),
                node(GENERALIZED_TIME, ascii("99991231235959Z")));
        byte[] number = node(INTEGER, BigInteger.ONE.toByteArray());
        byte[] body = node(
                SEQUENCE, number, algorithm, name, valid, name, key.publicKey().getEncoded());
        byte[] certificate = node(SEQUENCE, body, algorithm, node(BIT_STRING, new byte[1], key.sign(body)));
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate of our own", e);
        }
    }

    /** A value in DER: its tag, its length, and its parts. */
    private static byte[] node(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream node = new ByteArrayOutputStream();
        node.write(tag);
        int length = content.size();
        if (length > LONGEST_SHORT) {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int from = digits[0] == 0 ? 1 : 0;
            node.write(0x80 | (digits.length - from));
            node.write(digits, from, digits.length - from);
        } else {
            node.write(length);
        }
        node.writeBytes(content.toByteArray());
        return node.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
