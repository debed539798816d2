package ai.preceptor.rollout.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    @Test
    void delay_failureAfterFailure_doublesUpToTheLongest() {
        RetryPolicy policy =
                new RetryPolicy(Duration.ofSeconds(1), 9, Duration.ofMillis(100), Duration.ofMillis(500), 9);

        assertThat(LongStream.rangeClosed(1, 5)
                        .map(failures -> policy.delay((int) failures).toMillis()))
                .containsExactly(100L, 200L, 400L, 500L, 500L);
        assertThat(policy.delay(1_000_000)).isEqualTo(Duration.ofMillis(500));
    }
}
