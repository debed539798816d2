package ai.preceptor.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.rollout.worker.WorkerProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LearnerPortTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ClusterSetting SETTING = WorkerProgram.setting(1, WorkerProgram.secret());

    private final BlockingQueue<SecureSocket> arrivals = new LinkedBlockingQueue<>();
    private final List<Socket> open = new ArrayList<>();
    private LearnerPort port;

    @AfterEach
    void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        port.close();
    }

    private Socket silent() throws IOException {
        Socket socket = new Socket(
                InetAddress.getByName(port.address().host()), port.address().port());
        open.add(socket);
        return socket;
    }

    private SecureSocket worker() throws IOException {
        SecureSocket socket =
                SecureSocket.connect(new ClusterTls(SETTING.secret()), SETTING.listen(), port.address(), SOON, SOON);
        open.add(socket.raw());
        return socket;
    }

    private static boolean isDropped(Socket socket, Duration within) throws IOException {
        socket.setSoTimeout((int) within.toMillis());
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset
        }
    }

    @Test
    void connection_thatProvesNothing_isDroppedAfterAWhile_andOneThatDoesIsNot() throws Exception {
        port = LearnerPort.bind(SETTING, Duration.ofSeconds(5));
        port.open(arrivals::add);
        worker();
        SecureSocket arrived = arrivals.poll(30, TimeUnit.SECONDS);
        assertThat(isDropped(silent(), SOON)).isTrue();
        assertThat(arrived.raw().isClosed()).isFalse();
    }

    @Test
    void connections_thatProveNothing_makeRoomForOthers_theFirstFirst() throws Exception {
        port = LearnerPort.bind(SETTING, Duration.ofMinutes(10));
        port.open(arrivals::add);
        Socket first = silent();
        for (int i = 1; i < LearnerPort.MAX_HANDSHAKES; i++) {
            silent();
        }
        Socket last = silent();
        assertThat(isDropped(first, SOON)).isTrue();
        worker();
        assertThat(arrivals.poll(30, TimeUnit.SECONDS)).isNotNull();
        assertThat(isDropped(last, Duration.ofMillis(100))).isFalse();
    }

    /** The learner has its port before it has started its models. */
    @Test
    void worker_thatConnectsBeforeThePortIsOpened_waits() throws Exception {
        port = LearnerPort.bind(SETTING);
        CompletableFuture<SecureSocket> early = CompletableFuture.supplyAsync(() -> {
            try {
                return worker();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThatThrownBy(() -> early.get(500, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        port.open(arrivals::add);
        assertThat(early.get(30, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void port_isThatOfOneAddress_andOfOneLearner() {
        port = LearnerPort.bind(SETTING);
        assertThatThrownBy(() -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(
                                new InetSocketAddress(
                                        "127.0.0.2", port.address().port()),
                                1000);
                    }
                })
                .isInstanceOf(IOException.class);
        ClusterSetting taken = new ClusterSetting(
                port.address(),
                List.of(),
                SETTING.secret(),
                SETTING.joinTimeout(),
                SETTING.heartbeat(),
                SETTING.heartbeatTimeout());
        assertThatThrownBy(() -> LearnerPort.bind(taken))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cluster.listen: cannot listen at " + port.address());
    }
}
