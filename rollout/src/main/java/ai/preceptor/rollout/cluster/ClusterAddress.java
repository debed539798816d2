package ai.preceptor.rollout.cluster;

import ai.preceptor.data.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A network address.
 *
 * @param host a name or an IP address
 * @param port 0 to 65535; 0 for any free port
 */
public record ClusterAddress(String host, int port) {
    private static final int LAST_PORT = 65_535;
    /** Few well-known ports lie above. */
    private static final int FIRST_FREE = 10_000;
    /** Ephemeral ports, which systems assign to outgoing connections, lie above. */
    private static final int LAST_FREE = 32_000;

    private static final int TRIES = 100;

    /** @throws ConfigurationException if the host is empty or the port out of range */
    public ClusterAddress {
        if (host.isBlank() || port < 0 || port > LAST_PORT) {
            throw new ConfigurationException(
                    "expected HOST:PORT with a port of 0 to " + LAST_PORT + ", found \"" + host + ":" + port + "\"");
        }
    }

    /**
     * Reads {@code HOST:PORT}; an IPv6 address stands in brackets.
     *
     * @throws ConfigurationException if the text has another form
     */
    public static ClusterAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new ConfigurationException("expected HOST:PORT, found \"" + text + "\"");
        }
        String host = text.substring(0, colon).replaceFirst("^\\[(.*)]$", "$1");
        return new ClusterAddress(host, Integer.parseInt(text.substring(colon + 1)));
    }

    /**
     * True if only processes of this machine can reach it.
     *
     * @throws ConfigurationException if the host is unknown
     */
    public boolean isLoopback() {
        return address().isLoopbackAddress();
    }

    /** True for the wildcard address, which other processes cannot connect to. */
    boolean isWildcard() {
        return address().isAnyLocalAddress();
    }

    /**
     * The same address; if the port is 0, with a port that is free now. It is not an ephemeral port: a client that keeps
     * trying to reach a dead process on the same machine at such a port is eventually assigned that very port as its own
     * and connects to itself.
     *
     * @throws ConfigurationException if none is found
     */
    public ClusterAddress withFreePort() {
        if (port != 0) {
            return this;
        }
        IOException last = new IOException("not tried");
        for (int i = 0; i < TRIES; i++) {
            int tried = ThreadLocalRandom.current().nextInt(FIRST_FREE, LAST_FREE);
            try (ServerSocket free = new ServerSocket(tried, 1, address())) {
                return new ClusterAddress(host, free.getLocalPort());
            } catch (IOException e) {
                last = e;
            }
        }
        throw new ConfigurationException("no free port found at " + host, last);
    }

    private InetAddress address() {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ConfigurationException("unknown host \"" + host + "\"", e);
        }
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
