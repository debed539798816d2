package ai.preceptor.rollout.cluster;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 (RFC 8446) within a cluster: each side proves that it has the cluster's key ({@link ClusterKey}) and rejects a
 * peer that does not. A client without the secret gets no further than the handshake, whose records and messages are
 * bounded by the library.
 */
public final class ClusterTls {
    private static final String VERSION = "TLSv1.3";

    private final SSLContext context;

    /** @param secret of the cluster; deriving its key takes a tenth of a second */
    public ClusterTls(ClusterSecret secret) {
        ClusterKey key = ClusterKey.of(secret);
        try {
            context = SSLContext.getInstance(VERSION);
            context.init(
                    new KeyManager[] {new OwnKey(key.privateKey(), ClusterCertificate.of(key))},
                    new TrustManager[] {new OnlyOwnKey(key.publicKey())},
                    null);
        } catch (GeneralSecurityException e) { // every Java has it
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
        return socket;
    }

    /** Presents the cluster's key. */
    private static final class OwnKey extends X509ExtendedKeyManager {
        private static final String NAME = "preceptor";

        private final PrivateKey key;
        private final X509Certificate certificate;

        OwnKey(PrivateKey key, X509Certificate certificate) {
            this.key = key;
            this.certificate = certificate;
        }

        private static String @Nullable [] names(String type) {
            return type.equals("EC") ? new String[] {NAME} : null;
        }

        private static @Nullable String name(String[] types) {
            return Arrays.asList(types).contains("EC") ? NAME : null;
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return names(type);
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return name(types);
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return names(type);
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return name(new String[] {type});
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }

    /** Accepts only the cluster's key; the handshake proves that the peer has its private half. */
    private static final class OnlyOwnKey extends X509ExtendedTrustManager {
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
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
