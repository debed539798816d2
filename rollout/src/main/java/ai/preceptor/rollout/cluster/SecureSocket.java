package ai.preceptor.rollout.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/**
 * A connection whose other side has proved that it has the secret.
 *
 * @param raw closed to end it: that never waits, as closing the encrypted one may
 * @param encrypted what is read and written
 */
public record SecureSocket(Socket raw, SSLSocket encrypted) {
    /**
     * Connects, and waits for the handshake.
     *
     * @param from the near end; any if it is a loopback address
     * @param connecting longest time until somebody listens
     * @param shaking longest time without an answer of whoever does
     * @throws IOException if nobody is there, or somebody else; see {@link ClusterTls#isOtherKey}
     */
    public static SecureSocket connect(
            ClusterTls tls, ClusterAddress from, ClusterAddress to, Duration connecting, Duration shaking)
            throws IOException {
        Socket raw = new Socket();
        try {
            if (!from.isLoopback()) {
                raw.bind(new InetSocketAddress(from.host(), from.port()));
            }
            raw.connect(new InetSocketAddress(to.host(), to.port()), (int) connecting.toMillis());
            if (isItself(raw)) {
                throw new IOException(to + ": nobody listens there; the port was this process's own");
            }
            raw.setSoTimeout((int) Math.min(Integer.MAX_VALUE, shaking.toMillis()));
            SecureSocket secure = shaken(raw, tls.connecting(raw));
            raw.setSoTimeout(0);
            return secure;
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /** Waits for the handshake with who connected. */
    static SecureSocket accepted(ClusterTls tls, Socket raw) throws IOException {
        return shaken(raw, tls.accepting(raw));
    }

    private static SecureSocket shaken(Socket raw, SSLSocket encrypted) throws IOException {
        raw.setTcpNoDelay(true);
        raw.setKeepAlive(true);
        encrypted.startHandshake();
        return new SecureSocket(raw, encrypted);
    }

    /** On one machine a near end may be given the very port that is tried. */
    private static boolean isItself(Socket raw) {
        SocketAddress near = raw.getLocalSocketAddress();
        return near.equals(raw.getRemoteSocketAddress());
    }

    /** Its address, without port. */
    public String host() {
        return raw.getInetAddress().getHostAddress();
    }
}
