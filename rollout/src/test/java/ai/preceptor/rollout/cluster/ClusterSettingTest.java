package ai.preceptor.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterSettingTest {
    private static final String SECRET = "a secret of 27 characters..";

    private static ClusterSecret secret(String value) {
        return ClusterSecret.fromEnvironment("NAME", Map.of("NAME", value));
    }

    private static ClusterSetting worker(String learner, ClusterSecret secret) {
        return new ClusterSetting(
                ClusterAddress.parse("127.0.0.1:0"),
                List.of(ClusterAddress.parse(learner)),
                secret,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2));
    }

    @Test
    void worker_ofALearnerOnAnotherMachine_needsASecret() {
        assertThat(worker("192.0.2.1:5701", secret(SECRET)).members()).hasSize(1);
        assertThat(worker("127.0.0.1:5701", ClusterSecret.none()).members()).hasSize(1);
        assertThatThrownBy(() -> worker("192.0.2.1:5701", ClusterSecret.none()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("192.0.2.1:5701")
                .hasMessageContaining("there is no secret");
    }

    @Test
    void secret_isNeverShown_andNeverShort() {
        ClusterSetting setting = new ClusterSetting(
                ClusterAddress.parse("127.0.0.1:5701"),
                List.of(),
                secret(SECRET),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2));
        assertThat(setting.toString()).doesNotContain(SECRET).contains("a secret");
        assertThatThrownBy(() -> secret("fifteen letters"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the environment variable NAME: expected 16 characters or more, found 15");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:", ":5701", "127.0.0.1:65536", "127.0.0.1:-1", "a:b"})
    void address_thatIsNone_isRefused(String text) {
        assertThatThrownBy(() -> ClusterAddress.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("expected HOST:PORT");
    }

    @Test
    void address_saysWhetherOthersReachIt() {
        assertThat(ClusterAddress.parse("127.0.0.2:0").isLoopback()).isTrue();
        assertThat(ClusterAddress.parse("[::1]:5701").isLoopback()).isTrue();
        assertThat(ClusterAddress.parse("[::1]:5701")).hasToString("[::1]:5701");
        assertThat(ClusterAddress.parse("0.0.0.0:5701").isLoopback()).isFalse();
        assertThat(ClusterAddress.parse("192.0.2.1:5701").isLoopback()).isFalse();
    }
}
