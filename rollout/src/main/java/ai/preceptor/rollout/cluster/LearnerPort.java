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
 * Where workers connect. Who has not the secret takes up a thread for a few seconds at most, no memory to speak of, and a line in the
 * log; of those who have not proved anything yet there are only so many, and the one that came first makes room.
 */
public final class LearnerPort implements AutoCloseable {
    /** Connections that have not proved anything yet. */
    static final int MOST_STRANGERS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(LearnerPort.class);
    private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(10);
    private static final int LOOK_MILLIS = 200;
    private static final int BACKLOG = 128;

    private final ClusterAddress address;
    private final ClusterTls tls;
    private final ServerSocket server;
    private final Duration longestHandshake;
    private final PeerLog peers = new PeerLog(System::nanoTime, LOG::warn);
    /** Since when; the first comes first. Its lock is the only one here. */
    private final Map<Socket, Long> strangers = new LinkedHashMap<>();
    /** All that are open. */
    private final Set<Socket> accepted = ConcurrentHashMap.newKeySet();

    private LearnerPort(ClusterAddress address, ClusterTls tls, ServerSocket server, Duration longestHandshake) {
        this.address = address;
        this.tls = tls;
        this.server = server;
        this.longestHandshake = longestHandshake;
    }

    /**
     * Takes the port; whoever connects waits for {@link #open}.
     *
     * @throws ConfigurationException if it is taken, or cannot be listened at
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

    /** @param arrivals takes those who have the secret, each on a thread that ends then */
    public void open(Consumer<SecureSocket> arrivals) {
        Thread thread = new Thread(() -> accept(arrivals), "cluster accepts at " + address);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(Consumer<SecureSocket> arrivals) {
        try {
            server.setSoTimeout(LOOK_MILLIS);
        } catch (IOException e) {
            LOG.debug("closed before it was opened", e);
            return;
        }
        while (!server.isClosed()) {
            try {
                Socket raw = server.accept();
                accepted.removeIf(Socket::isClosed);
                accepted.add(raw);
                enter(raw);
                Thread thread = new Thread(
                        () -> shake(raw, arrivals), "cluster shakes hands with " + raw.getRemoteSocketAddress());
                thread.setDaemon(true);
                thread.start();
            } catch (SocketTimeoutException e) {
                // Then it is time to look.
            } catch (IOException e) {
                if (!server.isClosed()) { // no file descriptor is left, say
                    peers.tell(address.toString(), "cannot accept: " + e.getMessage());
                    rest();
                }
            }
            dropLate();
        }
    }

    private static void rest() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void enter(Socket raw) {
        synchronized (strangers) {
            Iterator<Socket> first = strangers.keySet().iterator();
            if (strangers.size() >= MOST_STRANGERS) {
                drop(first.next(), "more than " + MOST_STRANGERS + " connections that have proved nothing");
                first.remove();
            }
            strangers.put(raw, System.nanoTime());
        }
    }

    private void dropLate() {
        synchronized (strangers) {
            long now = System.nanoTime();
            strangers.entrySet().removeIf(stranger -> {
                boolean late = now - stranger.getValue() > longestHandshake.toNanos();
                if (late) {
                    drop(stranger.getKey(), "nothing proved within " + longestHandshake.toMillis() + " ms");
                }
                return late;
            });
        }
    }

    private void drop(Socket raw, String why) {
        peers.tell(raw.getInetAddress().getHostAddress(), "dropped: " + why);
        close(raw);
    }

    /** False for one that was dropped meanwhile. */
    private boolean leave(Socket raw) {
        synchronized (strangers) {
            return strangers.remove(raw) != null;
        }
    }

    private void shake(Socket raw, Consumer<SecureSocket> arrivals) {
        String host = raw.getInetAddress().getHostAddress();
        try {
            SecureSocket secure = SecureSocket.accepted(tls, raw);
            if (leave(raw)) {
                arrivals.accept(secure);
            }
        } catch (IOException | RuntimeException e) {
            if (leave(raw)) {
                peers.tell(host, "refused: it has not proved that it has the secret: " + e.getMessage());
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

    /** Nobody connects any more, and whoever did is cut off. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.debug("while closing", e);
        }
        synchronized (strangers) {
            strangers.clear();
        }
        accepted.forEach(LearnerPort::close);
    }
}
