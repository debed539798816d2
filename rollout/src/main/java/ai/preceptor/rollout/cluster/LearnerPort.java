package ai.preceptor.rollout.cluster;

import ai.preceptor.data.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port at which a learner accepts workers. A client without the secret costs a thread for a few seconds, little memory,
 * and a line in the log. The number of unfinished handshakes is bounded; a new one closes the oldest.
 */
public final class LearnerPort implements AutoCloseable {
    /** Unfinished handshakes at a time. */
    static final int MAX_HANDSHAKES = 64;

    private static final Logger LOG = LoggerFactory.getLogger(LearnerPort.class);
    private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(10);
    private static final int POLL_MILLIS = 200;
    private static final int BACKLOG = 128;

    private final ClusterAddress address;
    private final ClusterTls tls;
    private final ServerSocket server;
    private final Duration longestHandshake;
    private final PeerLog peers = new PeerLog(System::nanoTime, LOG::warn);
    /** Start time by connection, oldest first. Its lock is the only one here. */
    private final Map<Socket, Long> handshaking = new LinkedHashMap<>();
    /** All open connections. */
    private final Set<Socket> accepted = ConcurrentHashMap.newKeySet();

    private LearnerPort(ClusterAddress address, ClusterTls tls, ServerSocket server, Duration longestHandshake) {
        this.address = address;
        this.tls = tls;
        this.server = server;
        this.longestHandshake = longestHandshake;
    }

    /**
     * Binds the port; clients wait until {@link #open}.
     *
     * @throws ConfigurationException if the port is in use or cannot be bound
     */
    public static LearnerPort bind(ClusterSetting setting) {
        return bind(setting, LONGEST_HANDSHAKE);
    }

    static LearnerPort bind(ClusterSetting setting, Duration longestHandshake) {
        ClusterAddress here = setting.listen().withFreePort();
        ClusterTls tls = new ClusterTls(setting.secret());
        try {
            return new LearnerPort(
                    here,
                    tls,
                    new ServerSocket(here.port(), BACKLOG, InetAddress.getByName(here.host())),
                    longestHandshake);
        } catch (IOException e) {
            throw new ConfigurationException("cluster.listen: cannot listen at " + here + ": " + e.getMessage(), e);
        }
    }

    /** Where it listens. */
    public ClusterAddress address() {
        return address;
    }

    /** @param arrivals called with each authenticated connection, on a thread of its own */
    public void open(Consumer<SecureSocket> arrivals) {
        Thread thread = new Thread(() -> accept(arrivals), "cluster accepts at " + address);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(Consumer<SecureSocket> arrivals) {
        try {
            server.setSoTimeout(POLL_MILLIS);
        } catch (IOException e) {
            LOG.debug("closed before it was opened", e);
            return;
        }
        while (!server.isClosed()) {
            try {
                Socket raw = server.accept();
                accepted.removeIf(Socket::isClosed);
                accepted.add(raw);
                if (server.isClosed()) { // close() may already have gone through the accepted ones
                    close(raw);
                    return;
                }
                admit(raw);
                Thread thread = new Thread(
                        () -> handshake(raw, arrivals), "cluster handshake with " + raw.getRemoteSocketAddress());
                thread.setDaemon(true);
                thread.start();
            } catch (SocketTimeoutException e) {
                // Time to check for late handshakes.
            } catch (IOException e) {
                if (!server.isClosed()) { // out of file descriptors, for example
                    peers.warn(address.toString(), "cannot accept: " + e.getMessage());
                    rest();
                }
            }
            dropLate();
        }
    }

    private static void rest() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(Socket raw) {
        synchronized (handshaking) {
            Iterator<Socket> first = handshaking.keySet().iterator();
            if (handshaking.size() >= MAX_HANDSHAKES) {
                drop(first.next(), "more than " + MAX_HANDSHAKES + " unauthenticated connections");
                first.remove();
            }
            handshaking.put(raw, System.nanoTime());
        }
    }

    private void dropLate() {
        synchronized (handshaking) {
            long now = System.nanoTime();
            handshaking.entrySet().removeIf(pending -> {
                boolean late = now - pending.getValue() > longestHandshake.toNanos();
                if (late) {
                    drop(pending.getKey(), "handshake not finished within " + longestHandshake.toMillis() + " ms");
                }
                return late;
            });
        }
    }

    private void drop(Socket raw, String why) {
        peers.warn(raw.getInetAddress().getHostAddress(), "dropped: " + why);
        close(raw);
    }

    /** Ends a handshake; false if the connection was dropped meanwhile. */
    private boolean finish(Socket raw) {
        synchronized (handshaking) {
            return handshaking.remove(raw) != null;
        }
    }

    private void handshake(Socket raw, Consumer<SecureSocket> arrivals) {
        String host = raw.getInetAddress().getHostAddress();
        try {
            SecureSocket secure = SecureSocket.accepted(tls, raw);
            if (finish(raw)) {
                arrivals.accept(secure);
            }
        } catch (IOException | RuntimeException e) {
            if (finish(raw)) {
                peers.warn(host, "refused: it has not proved that it has the secret: " + e.getMessage());
            }
            close(raw);
        }
    }

    private static void close(Socket raw) {
        try {
            raw.close();
        } catch (IOException e) {
            LOG.debug("while closing", e);
        }
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.debug("while closing", e);
        }
        synchronized (handshaking) {
            handshaking.clear();
        }
        accepted.forEach(LearnerPort::close);
    }
}
