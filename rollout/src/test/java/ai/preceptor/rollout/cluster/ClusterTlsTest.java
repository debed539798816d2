package ai.preceptor.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.preceptor.rollout.worker.WorkerProgram;
import java.io.IOException;
import java.net.Socket;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets in, and who does not. */
class ClusterTlsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ClusterSecret SECRET = secret("a secret of 27 characters..");

    private final BlockingQueue<SecureSocket> arrivals = new LinkedBlockingQueue<>();
    private LearnerPort port;

    @AfterEach
    void close() {
        if (port != null) {
            port.close();
        }
    }

    private static ClusterSecret secret(String value) {
        return ClusterSecret.fromEnvironment("NAME", Map.of("NAME", value));
    }

    private void open(ClusterSecret secret) {
        port = LearnerPort.bind(WorkerProgram.setting(1, secret));
        port.open(arrivals::add);
    }

    private SecureSocket connect(ClusterSecret secret) throws IOException {
        return SecureSocket.connect(
                new ClusterTls(secret), new ClusterAddress("127.0.0.1", 0), port.address(), SOON, SOON);
    }

    /** The same in every Java and on every machine: computed once more by other means, in Python. */
    @Test
    void key_isAFunctionOfTheSecret() {
        ECPublicKey key = (ECPublicKey) ClusterKey.of(SECRET).publicKey();
        assertThat(key.getW().getAffineX().toString(16))
                .isEqualTo("ebed82e2cd08b9cbee545af5980fa0d28a19185543206d439ba195091d7509a");
        assertThat(key.getW().getAffineY().toString(16))
                .isEqualTo("4c8d37cc4942ea1827228eeccfac884c0ac953e1a042621cd21074d4913320e4");
        ECPublicKey other = (ECPublicKey)
                ClusterKey.of(secret("another secret of that length")).publicKey();
        assertThat(other.getW().getAffineX().toString(16))
                .isEqualTo("2be06c946e1706836b48f984500fcc164a04ebb7b4d8b1c2d8137466b36b0dac");
        assertThat(other.getW().getAffineY().toString(16))
                .isEqualTo("e01495b06300729178c353be02a4ef43aa966289f0168870c559d1676fe8f9bd");
        assertThat(key.getW().getAffineY().testBit(0))
                .as("both roots are tried")
                .isNotEqualTo(other.getW().getAffineY().testBit(0));
    }

    @Test
    void certificate_isSignedWithItsOwnKey_andNothingShowsTheSecret() throws Exception {
        ClusterKey key = ClusterKey.of(SECRET);
        X509Certificate certificate = ClusterCertificate.of(key);
        certificate.verify(key.publicKey());
        certificate.checkValidity();
        assertThat(certificate.getPublicKey()).isEqualTo(key.publicKey());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=preceptor");
        assertThat(key.toString()).isEqualTo("a cluster's key");
    }

    @Test
    void handshake_withTheSameSecret_isEncryptedByTls13() throws Exception {
        for (ClusterSecret secret : List.of(SECRET, ClusterSecret.none())) {
            open(secret);
            SecureSocket near = connect(secret);
            SecureSocket far = arrivals.poll(30, TimeUnit.SECONDS);
            assertThat(near.encrypted().getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(near.encrypted().getSession().getCipherSuite())
                    .startsWith("TLS_")
                    .doesNotContain("NULL");
            near.encrypted().getOutputStream().write(7);
            assertThat(far.encrypted().getInputStream().read()).isEqualTo(7);
            near.raw().close();
            port.close();
        }
    }

    @Test
    void handshake_withAnotherSecretOrNone_failsOnBothSides() throws Exception {
        open(SECRET);
        for (ClusterSecret other : List.of(secret("a secret of 27 characters.!"), ClusterSecret.none())) {
            Throwable thrown = catchThrowable(() -> connect(other));
            assertThat(thrown).isInstanceOf(IOException.class);
            assertThat(ClusterTls.isOtherKey(thrown)).isTrue();
        }
        SecureSocket near = connect(SECRET);
        assertThat(arrivals.poll(30, TimeUnit.SECONDS).raw().getPort())
                .as("the first and only one that got in")
                .isEqualTo(near.raw().getLocalPort());
    }

    /** It takes whatever key the learner shows, and shows none. */
    @Test
    void stranger_thatChecksNothingAndShowsNoKey_doesNotGetIn() throws Exception {
        open(SECRET);
        SSLContext careless = SSLContext.getInstance("TLS");
        careless.init(null, new TrustManager[] {new Careless()}, new SecureRandom());
        try (Socket raw = new Socket(port.address().host(), port.address().port());
                SSLSocket socket =
                        (SSLSocket) careless.getSocketFactory().createSocket(raw, "learner", raw.getPort(), true)) {
            assertThat(catchThrowable(() -> {
                        socket.startHandshake();
                        socket.getOutputStream().write(new byte[100]);
                        assertThat(socket.getInputStream().read()).isEqualTo(-1);
                        throw new IOException("closed without a word");
                    }))
                    .isInstanceOf(IOException.class);
        }
        SecureSocket near = connect(SECRET);
        assertThat(arrivals.poll(30, TimeUnit.SECONDS).raw().getPort())
                .isEqualTo(near.raw().getLocalPort());
    }

    private static final class Careless implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
