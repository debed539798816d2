package ai.preceptor.teacher.served.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
    @Test
    void retryAfter_readsSecondsMillisecondsAndDates_andNothingElse() {
        Instant now = Instant.parse("2026-11-24T12:00:00Z");
        assertThat(RetryAfter.of(null, "7", now)).isEqualTo(Duration.ofSeconds(7));
        assertThat(RetryAfter.of("250", "7", now)).isEqualTo(Duration.ofMillis(250));
        assertThat(RetryAfter.of(null, "Tue, 24 Nov 2026 12:00:30 GMT", now)).isEqualTo(Duration.ofSeconds(30));
        assertThat(RetryAfter.of(null, "Tue, 24 Nov 2026 11:00:30 GMT", now)).isEqualTo(Duration.ZERO);
        assertThat(RetryAfter.of(null, "-3", now)).isNull();
        assertThat(RetryAfter.of(null, "soon", now)).isNull();
        assertThat(RetryAfter.of(null, "NaN", now)).isNull();
        assertThat(RetryAfter.of(null, null, now)).isNull();
    }
}
