package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenRateTest {
    private final AtomicLong now = new AtomicLong();
    private final TokenRate rate = new TokenRate(now::get);

    @Test
    void perSecond_isOfTheLastFullSecond_andIdleTimeIsNoPartOfIt() {
        assertThat(rate.perSecond()).isZero();
        draw(500, 10);
        assertThat(rate.perSecond()).as("no full second yet").isZero();
        draw(500, 30);
        assertThat(rate.perSecond()).isEqualTo(30);
        draw(2000, 90);
        assertThat(rate.perSecond()).isEqualTo(30);
        now.addAndGet(Duration.ofSeconds(60).toNanos());
        assertThat(rate.perSecond()).as("idle").isZero();
        rate.drawn(91);
        draw(1000, 141);
        assertThat(rate.perSecond()).isEqualTo(50);
    }

    private void draw(long millis, long total) {
        now.addAndGet(Duration.ofMillis(millis).toNanos());
        rate.drawn(total);
    }
}
