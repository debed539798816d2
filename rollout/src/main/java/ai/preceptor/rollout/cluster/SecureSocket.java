package ai.preceptor.rollout.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/**
 * A connection to a peer that has proved that it has the secret.
 *
 * @param raw close this one: closing the encrypted one may block
 * @param encrypted for reading and writing
 */
public record SecureSocket(Socket raw, SSLSocket encrypted) {
    /**
     * Connects, and waits for the handshake.
     *
     * @param from the local address; any if it is a loopback address
     * @param connectTimeout longest time for the TCP connection
     * @param handshakeTimeout longest time without an answer during the handshake
     * @throws IOException if nothing listens there, or the peer has another secret, see {@link ClusterTls#isOtherKey}
     */
    public static SecureSocket connect(
            ClusterTls tls, ClusterAddress from, ClusterAddress to, Duration connectTimeout, Duration handshakeTimeout)
            throws IOException {
        Socket raw = new Socket();
        try {
            if (!from.isLoopback()) {
                raw.bind(new InetSocketAddress(from.host(), from.port()));
            }
            raw.connect(new InetSocketAddress(to.host(), to.port()), (int) connectTimeout.toMillis());
            if (isItself(raw)) {
                throw new IOException(to + ": nothing listens there; the process connected to its own port");
            }
            raw.setSoTimeout((int) Math.min(Integer.MAX_VALUE, handshakeTimeout.toMillis()));
            SecureSocket secure = handshaken(raw, tls.connecting(raw));
            raw.setSoTimeout(0);
            return secure;
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /** Waits for the handshake with a client. */
    static SecureSocket accepted(ClusterTls tls, Socket raw) throws IOException {
        return handshaken(raw, tls.accepting(raw));
    }

    private static SecureSocket handshaken(Socket raw, SSLSocket encrypted) throws IOException {
        raw.setTcpNoDelay(true);
        raw.setKeepAlive(true);
        encrypted.startHandshake();
        return new SecureSocket(raw, encrypted);
    }

    /** On one machine the local end may be assigned the very port that it connects to. */
    private static boolean isItself(Socket raw) {
        SocketAddress near = raw.getLocalSocketAddress();
        return near.equals(raw.getRemoteSocketAddress());
    }

    /** The peer's IP address, without port. */
    public String host() {
        return raw.getInetAddress().getHostAddress();
    }
}
