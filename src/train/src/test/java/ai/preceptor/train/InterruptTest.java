package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterruptTest {

    @Test
    void request_fromAnyThread_isSeen() throws InterruptedException {
        Interrupt interrupt = new Interrupt();
        assertThat(interrupt.isRequested()).isFalse();
        Thread other = new Thread(interrupt::request);
        other.start();
        other.join();
        assertThat(interrupt.isRequested()).isTrue();
    }

    /** A process of its own gets two termination signals: it lives through the first, the second ends it with 130. */
    @Test
    void onSignals_first_asksToStop_second_endsAtOnce() throws Exception {
        Process child = start("");
        try {
            BufferedReader signs = child.inputReader();
            await(signs, "ready");
            child.toHandle().destroy();
            await(signs, "asked to stop");
            assertThat(child.isAlive()).isTrue();
            child.toHandle().destroy();
            assertEndsWith130(child);
        } finally {
            child.destroyForcibly();
        }
    }

    /** A closed terminal asks to stop, however often it says so, and with a termination signal after it. */
    @Test
    void onSignals_hangups_askToStop() throws Exception {
        assumeArrives("HUP");
        Process child = start("");
        try {
            BufferedReader signs = child.inputReader();
            await(signs, "ready");
            hangUp(child);
            await(signs, "asked to stop");
            hangUp(child);
            child.toHandle().destroy();
            // a second one would be merged with one that has not arrived
            await(signs, "SIGTERM", line -> line.contains("SIGTERM"));
            child.outputWriter().append("alive?\n").flush();
            await(signs, "requested true");
            child.toHandle().destroy();
            assertEndsWith130(child);
        } finally {
            child.destroyForcibly();
        }
    }

    /** {@code nohup} starts a process with hangups ignored, and means it. */
    @Test
    void onSignals_hangupIgnoredByTheParent_staysIgnored() throws Exception {
        Process child = start("trap '' HUP; ");
        try {
            BufferedReader signs = child.inputReader();
            await(signs, "ready");
            hangUp(child);
            child.outputWriter().append("alive?\n").flush();
            await(signs, "requested false");
        } finally {
            child.destroyForcibly();
        }
    }

    /** Before there is anything to save. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void endProcessOnSignals_any_endsAtOnce(String signal) throws Exception {
        assumeArrives(signal);
        Process child = start("", "at once");
        try {
            await(child.inputReader(), "ready");
            send(signal, child);
            assertEndsWith130(child);
        } finally {
            child.destroyForcibly();
        }
    }

    /** A build under {@code nohup} passes on that hangups are ignored, one in the background of a script that interrupts are. */
    private static void assumeArrives(String signal) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (Files.isReadable(status)) {
            String ignored = Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> line.substring("SigIgn:".length()).strip())
                    .findFirst()
                    .orElse("0");
            int number = Map.of("HUP", 1, "INT", 2, "TERM", 15).get(signal);
            boolean isIgnored = (Long.parseUnsignedLong(ignored, 16) >> (number - 1) & 1) == 1;
            assumeFalse(isIgnored, "SIG" + signal + " is ignored here");
        }
    }

    private static Process start(String before, String... arguments) throws IOException {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "signals are POSIX's");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of("sh", "-c", before + "exec \"$@\"", "sh", java, "-cp"));
        command.addAll(List.of(System.getProperty("java.class.path"), Stubborn.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void hangUp(Process child) throws Exception {
        send("HUP", child);
    }

    private static void send(String signal, Process child) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(child.pid())).start();
        assertThat(kill.waitFor()).as("kill -%s", signal).isZero();
    }

    private static void assertEndsWith130(Process child) throws InterruptedException {
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(130);
    }

    /** Reads on, past log lines, to {@code sign}. */
    private static void await(BufferedReader signs, String sign) throws IOException {
        await(signs, sign, sign::equals);
    }

    private static void await(BufferedReader signs, String what, Predicate<String> sign) throws IOException {
        for (String line = signs.readLine(); line != null; line = signs.readLine()) {
            if (sign.test(line)) {
                return;
            }
        }
        throw new AssertionError("ended before it said: " + what);
    }

    /** Says when it is asked to stop, and does not; answers a line with what it was asked. */
    static final class Stubborn {
        public static void main(String[] args) throws InterruptedException, IOException {
            if (args.length > 0) {
                Interrupt.endProcessOnSignals();
                System.out.println("ready");
                Thread.sleep(60_000);
            }
            Interrupt interrupt = Interrupt.onSignals();
            System.out.println("ready");
            while (!interrupt.isRequested() && System.in.available() == 0) {
                Thread.sleep(5);
            }
            if (interrupt.isRequested()) {
                System.out.println("asked to stop");
            }
            while (System.in.available() == 0) {
                Thread.sleep(5);
            }
            System.out.println("requested " + interrupt.isRequested());
            Thread.sleep(60_000);
        }
    }
}
