package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

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
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "signals are POSIX's");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process child = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Stubborn.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            BufferedReader signs = child.inputReader();
            await(signs, "ready");
            child.toHandle().destroy();
            await(signs, "asked to stop");
            assertThat(child.isAlive()).isTrue();
            child.toHandle().destroy();
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isEqualTo(130);
        } finally {
            child.destroyForcibly();
        }
    }

    /** Reads on, past log lines, to {@code sign}. */
    private static void await(BufferedReader signs, String sign) throws IOException {
        assertThat(signs.lines().filter(sign::equals).findFirst()).as(sign).isPresent();
    }

    /** Says when it is asked to stop, and does not. */
    static final class Stubborn {
        public static void main(String[] args) throws InterruptedException {
            Interrupt interrupt = Interrupt.onSignals();
            System.out.println("ready");
            while (!interrupt.isRequested()) {
                Thread.sleep(5);
            }
            System.out.println("asked to stop");
            Thread.sleep(60_000);
        }
    }
}
