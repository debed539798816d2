package ai.preceptor.rollout.cluster;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key pair of a cluster, on the curve P-256, derived from its secret: who has the secret has the key. The secret is
 * stretched by PBKDF2 (RFC 8018), since every client sees the public key and can test guesses against it.
 */
record ClusterKey(PrivateKey privateKey, PublicKey publicKey) {
    private static final String MAC = "HmacSHA256";
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final byte[] SALT = "preceptor cluster".getBytes(StandardCharsets.UTF_8);
    private static final int ROUNDS = 100_000;
    private static final int STRETCHED_BITS = 256;

    /** Derives the pair; takes a tenth of a second. */
    static ClusterKey of(ClusterSecret secret) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
            KeyFactory keys = KeyFactory.getInstance("EC");
            PrivateKey privateKey = keys.generatePrivate(new ECPrivateKeySpec(number(secret, curve), curve));
            return new ClusterKey(privateKey, publicKey(privateKey, curve, keys));
        } catch (GeneralSecurityException e) { // every Java has all of it
            throw new IllegalStateException("a cluster's key", e);
        }
    }

    /** From 1 to the curve's order minus 1, evenly: 64 bytes are reduced (FIPS 186-5, A.2.1). */
    private static BigInteger number(ClusterSecret secret, ECParameterSpec curve) throws GeneralSecurityException {
        char[] password = new String(secret.key(), StandardCharsets.UTF_8).toCharArray();
        byte[] stretched = SecretKeyFactory.getInstance("PBKDF2With" + MAC)
                .generateSecret(new PBEKeySpec(password, SALT, ROUNDS, STRETCHED_BITS))
                .getEncoded();
        Mac mac = Mac.getInstance(MAC);
        mac.init(new SecretKeySpec(stretched, MAC));
        ByteBuffer bytes = ByteBuffer.allocate(2 * mac.getMacLength())
                .put(mac.doFinal(new byte[] {1}))
                .put(mac.doFinal(new byte[] {2}));
        return new BigInteger(1, bytes.array())
                .mod(curve.getOrder().subtract(BigInteger.ONE))
                .add(BigInteger.ONE);
    }

    /**
     * The base point times the private number. Java multiplies points for key agreement only, and gives the x coordinate;
     * of the two points that have it, the public key is the one that verifies the private key's signatures.
     */
    private static PublicKey publicKey(PrivateKey own, ECParameterSpec curve, KeyFactory keys)
            throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(own);
        agreement.doPhase(keys.generatePublic(new ECPublicKeySpec(curve.getGenerator(), curve)), true);
        BigInteger x = new BigInteger(1, agreement.generateSecret());
        BigInteger prime = ((ECFieldFp) curve.getCurve().getField()).getP();
        BigInteger square = x.pow(3)
                .add(curve.getCurve().getA().multiply(x))
                .add(curve.getCurve().getB())
                .mod(prime);
        // The prime is 3 modulo 4, so this power is a root.
        BigInteger y = square.modPow(prime.add(BigInteger.ONE).shiftRight(2), prime);
        PublicKey one = keys.generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
        return checks(one, own)
                ? one
                : keys.generatePublic(new ECPublicKeySpec(new ECPoint(x, prime.subtract(y)), curve));
    }

    private static boolean checks(PublicKey candidate, PrivateKey own) throws GeneralSecurityException {
        Signature checking = Signature.getInstance(SIGNATURE);
        checking.initVerify(candidate);
        checking.update(SALT);
        return checking.verify(sign(own, SALT));
    }

    private static byte[] sign(PrivateKey own, byte[] message) throws GeneralSecurityException {
        Signature signing = Signature.getInstance(SIGNATURE);
        signing.initSign(own);
        signing.update(message);
        return signing.sign();
    }

    /** ECDSA with SHA-256, in DER. */
    byte[] sign(byte[] message) {
        try {
            return sign(privateKey, message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(SIGNATURE, e);
        }
    }

    @Override
    public String toString() {
        return "a cluster's key";
    }
}
