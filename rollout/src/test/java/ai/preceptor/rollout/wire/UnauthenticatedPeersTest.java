package ai.preceptor.rollout.wire;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.rollout.Engines;
import ai.preceptor.rollout.FakeEngine;
import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.VertxRollouts;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.cluster.ClusterAddress;
import ai.preceptor.rollout.cluster.ClusterSecret;
import ai.preceptor.rollout.cluster.ClusterTls;
import ai.preceptor.rollout.cluster.LearnerPort;
import ai.preceptor.rollout.cluster.SecureSocket;
import ai.preceptor.rollout.worker.FakeWeights;
import ai.preceptor.rollout.worker.WorkerHost;
import ai.preceptor.rollout.worker.WorkerProgram;
import ai.preceptor.rollout.worker.WorkerTerms;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a client without the secret can do to a learner. */
class UnauthenticatedPeersTest {
    private static final long SEED = 20_261;
    private static final int CASES = 60;
    private static final int SILENT = 100;
    private static final int FLOOD = 64 << 20;
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final long HEAP_MARGIN = 16 << 20;
    private static final ClusterAddress ANY = new ClusterAddress("127.0.0.1", 0);

    @TempDir
    Path directory;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<Socket> open = new ArrayList<>();
    private final long began = System.nanoTime();

    @BeforeEach
    void listen() {
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void close() throws IOException {
        root.detachAppender(log);
        for (Socket socket : open) {
            socket.close();
        }
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        open.add(socket);
        return socket;
    }

    /** Sends, and waits until the other side closes; what it answers before is ignored. */
    private void sendUntilDropped(int port, byte[] bytes, int times) throws IOException {
        try (Socket socket = connect(port)) {
            try {
                for (int i = 0; i < times; i++) {
                    socket.getOutputStream().write(bytes);
                }
                socket.shutdownOutput();
                InputStream in = socket.getInputStream();
                while (in.read() >= 0) {
                    // an alert
                }
            } catch (java.net.SocketTimeoutException e) {
                throw new AssertionError("not dropped within " + TIMEOUT_MILLIS + " ms", e);
            } catch (IOException e) {
                assertThat(e).as("reset by the other side").isInstanceOf(java.net.SocketException.class);
            }
        }
    }

    /** The ClientHello of a worker that has the secret. */
    private static byte[] clientHello(ClusterSecret secret) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            ClusterAddress there = new ClusterAddress("127.0.0.1", server.getLocalPort());
            Thread worker = new Thread(() -> {
                try {
                    SecureSocket.connect(
                            new ClusterTls(secret), ANY, there, Duration.ofSeconds(20), Duration.ofSeconds(20));
                } catch (IOException e) {
                    // nobody answers
                }
            });
            worker.start();
            byte[] hello;
            try (Socket accepted = server.accept()) {
                DataInputStream in = new DataInputStream(accepted.getInputStream());
                byte[] head = in.readNBytes(5);
                byte[] body = in.readNBytes(ByteBuffer.wrap(head, 3, 2).getShort());
                hello = ByteBuffer.allocate(5 + body.length).put(head).put(body).array();
            }
            worker.join();
            return hello;
        }
    }

    private static byte[] garbage(Random random, byte[] hello) {
        byte[] bytes = Arrays.copyOf(hello, hello.length);
        switch (random.nextInt(4)) {
            case 0 -> { // noise
                bytes = new byte[1 + random.nextInt(3000)];
                random.nextBytes(bytes);
            }
            case 1 -> { // a few bytes are others
                for (int i = 0; i <= random.nextInt(6); i++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
            }
            case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length)); // cut off
            default -> { // a length that lies: of the record, of the message, or of something in it
                int at = random.nextBoolean() ? 3 : 6 + random.nextInt(60);
                bytes[at] = (byte) 0x7F;
                bytes[at + 1] = (byte) 0xFF;
            }
        }
        return bytes;
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void unauthenticated_neitherFillTheHeapNorTheLog_andWorkersJoinMeanwhile() throws Exception {
        int port = WorkerProgram.freePort();
        WorkerTerms terms = WorkerProgram.terms(port, 0, new FakeWeights(directory, 1000));
        byte[] hello = clientHello(WorkerProgram.secret());
        try (VertxRollouts rollouts = Rollouts.builder(Rollouts.plan().build(), new FakeEngine())
                .engines(Engines.several(0, version -> new FakeEngine()))
                .lease(DeviceLease.separate())
                .workers(terms)
                .build()
                .start()) {
            Random random = new Random(SEED);
            long before = heap();
            byte[] zeros = new byte[1 << 16];
            ByteBuffer.wrap(zeros).putInt(0x7FFF_FFFF);
            AtomicLong most = new AtomicLong();
            sendUntilDropped(port, zeros, FLOOD / zeros.length);
            most.accumulateAndGet(heap(), Math::max);
            for (int i = 0; i < CASES; i++) {
                sendUntilDropped(port, garbage(random, hello), 1);
            }
            for (int i = 0; i < SILENT; i++) { // half of them stop in the middle of their ClientHello
                connect(port).getOutputStream().write(hello, 0, i % 2 == 0 ? 0 : random.nextInt(hello.length));
            }
            try (WorkerProgram.Inside worker =
                    WorkerProgram.Inside.of(port, WorkerProgram.host(WorkerProgram.DIGEST, 0, false), line -> {})) {
                assertThat(Rollouts.learn(rollouts, 2, 4)).as("seed %d", SEED).allMatch(batch -> batch.size() == 12);
                most.accumulateAndGet(heap(), Math::max);
            }
            assertThat(most.get() - before).as("growth of the heap").isLessThan(HEAP_MARGIN);
        }
        List<ILoggingEvent> told = List.copyOf(log.list);
        assertThat(told).allMatch(line -> line.getThrowableProxy() == null, "no stack trace");
        long minutes = Duration.ofNanos(System.nanoTime() - began).toMinutes() + 1;
        assertThat(told)
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN)
                        && line.getLoggerName().equals(LearnerPort.class.getName()))
                .as("lines about one host")
                .hasSizeBetween(1, (int) minutes);
        Rollouts.until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("cluster ")));
    }

    /** Somebody who has the secret and a program that is none of ours. */
    @Test
    void frames_thatLieWithinAConnection_endIt_andNoOtherOne() throws Exception {
        int port = WorkerProgram.freePort();
        WorkerTerms terms = WorkerProgram.terms(port, 1, new FakeWeights(directory, 1000));
        WorkerHost host = WorkerProgram.host(WorkerProgram.DIGEST, 0, false);
        try (WorkerProgram.Inside worker = WorkerProgram.Inside.of(port, host, line -> {});
                VertxRollouts rollouts = Rollouts.builder(Rollouts.plan().build(), new FakeEngine())
                        .engines(Engines.several(0, version -> new FakeEngine()))
                        .lease(DeviceLease.separate())
                        .workers(terms)
                        .build()
                        .start()) {
            ClusterTls tls = new ClusterTls(WorkerProgram.secret());
            for (byte[] frame : List.of(
                    new byte[] {0x7F, -1, -1, -1, 1, 0, 0, 0, 0, 0, 0, 0, 1},
                    new byte[] {-1, -1, -1, -1, 2, 0, 0, 0, 0, 0, 0, 0, 1},
                    new byte[] {0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1})) {
                SecureSocket attacker = SecureSocket.connect(
                        tls,
                        ANY,
                        new ClusterAddress("127.0.0.1", port),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20));
                open.add(attacker.raw());
                attacker.encrypted().getOutputStream().write(frame);
                attacker.encrypted().setSoTimeout(TIMEOUT_MILLIS);
                assertThat(isClosed(attacker)).isTrue();
            }
            SecureSocket attacker = SecureSocket.connect(
                    tls, ANY, new ClusterAddress("127.0.0.1", port), Duration.ofSeconds(20), Duration.ofSeconds(20));
            open.add(attacker.raw());
            new WireFrame(true, 1, new byte[] {1, 2, 3})
                    .write(new DataOutputStream(attacker.encrypted().getOutputStream()));
            assertThat(WireFrame.read(new DataInputStream(attacker.encrypted().getInputStream()))
                            .asks())
                    .as("no message, in a frame that is one: it is told so")
                    .isFalse();
            assertThat(Rollouts.learn(rollouts, 2, 4)).allMatch(batch -> batch.size() == 12);
        }
    }

    private static boolean isClosed(SecureSocket attacker) throws IOException {
        try {
            return attacker.encrypted().getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
