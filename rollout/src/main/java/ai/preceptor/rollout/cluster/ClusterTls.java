package ai.preceptor.rollout.cluster;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 (RFC 8446) within a cluster: each side proves that it has the cluster's key ({@link ClusterKey}) and rejects a
 * peer that does not. A client without the secret gets no further than the handshake, whose records and messages are
 * bounded by the library.
 */
public final class ClusterTls {
    private static final String VERSION = "TLSv1.3";
    /** As strong as the key that both sides prove (P-256), and a fifth faster than with 256 bits. */
    private static final String[] CIPHERS = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};
    /** Of a store that is never written. */
    private static final char[] NO_PASSWORD = {};

    private final SSLContext context;

    /** @param secret of the cluster; deriving its key takes a tenth of a second */
    public ClusterTls(ClusterSecret secret) {
        ClusterKey key = ClusterKey.of(secret);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            Certificate[] chain = {ClusterCertificate.of(key)};
            store.setKeyEntry("preceptor", key.privateKey(), NO_PASSWORD, chain);
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(store, NO_PASSWORD);
            context = SSLContext.getInstance(VERSION);
            context.init(own.getKeyManagers(), new TrustManager[] {new OnlyOwnKey(key.publicKey())}, null);
        } catch (GeneralSecurityException | IOException e) { // every Java has it, and nothing is read
            throw new IllegalStateException(VERSION, e);
        }
    }

    /** The peer presented another key. */
    static final class OtherKeyException extends CertificateException {
        private static final long serialVersionUID = 1L;

        OtherKeyException() {
            super("another secret than this process has, or none");
        }
    }

    /** Whether a handshake failed because the peer has another secret. */
    public static boolean isOtherKey(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OtherKeyException) {
                return true;
            }
        }
        return false;
    }

    /** Wraps an accepted connection; does not start the handshake. */
    SSLSocket accepting(Socket raw) throws IOException {
        SSLSocket socket = over(raw);
        socket.setUseClientMode(false);
        socket.setNeedClientAuth(true);
        return socket;
    }

    /** Wraps an outgoing connection; does not start the handshake. */
    SSLSocket connecting(Socket raw) throws IOException {
        SSLSocket socket = over(raw);
        socket.setUseClientMode(true);
        return socket;
    }

    private SSLSocket over(Socket raw) throws IOException {
        // The host name is neither resolved nor checked: the key is.
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, "preceptor", raw.getPort(), true);
        socket.setEnabledProtocols(new String[] {VERSION});
        socket.setEnabledCipherSuites(CIPHERS);
        return socket;
    }

    /** Accepts only the cluster's key; the handshake proves that the peer has its private half. */
    private static final class OnlyOwnKey implements X509TrustManager {
        private final byte[] key;

        OnlyOwnKey(PublicKey key) {
            this.key = key.getEncoded();
        }

        private void check(X509Certificate @Nullable [] chain) throws CertificateException {
            if (chain == null
                    || chain.length == 0
                    || !Arrays.equals(chain[0].getPublicKey().getEncoded(), key)) {
                throw new OtherKeyException();
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
