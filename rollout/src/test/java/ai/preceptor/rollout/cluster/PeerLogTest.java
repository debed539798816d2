package ai.preceptor.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PeerLogTest {
    private final AtomicLong clock = new AtomicLong(5);
    private final List<String> lines = new ArrayList<>();
    private final PeerLog log = new PeerLog(clock::get, lines::add);

    @Test
    void tell_ofOneHost_isALineAMinute_whichCountsTheOthers() {
        for (int i = 0; i < 1000; i++) {
            log.warn("192.0.2.1", "refused: " + i);
        }
        log.warn("192.0.2.2", "refused: too");
        assertThat(lines).containsExactly("192.0.2.1: refused: 0", "192.0.2.2: refused: too");
        clock.addAndGet(Duration.ofSeconds(61).toNanos());
        log.warn("192.0.2.1", "refused: again");
        log.warn("192.0.2.1", "refused: again");
        assertThat(lines).hasSize(3).last().isEqualTo("192.0.2.1: refused: again (and 999 more since the last line)");
    }

    /** Whoever has many addresses. */
    @Test
    void tell_ofManyHosts_isBoundedToo_andBeginsAnewAfterAMinute() {
        for (int i = 0; i < 100_000; i++) {
            log.warn("host " + i, "refused");
        }
        assertThat(lines).hasSize(PeerLog.MAX_HOSTS);
        clock.addAndGet(Duration.ofSeconds(61).toNanos());
        log.warn("host 99999", "refused");
        assertThat(lines).hasSize(PeerLog.MAX_HOSTS + 1);
    }
}
