package ai.preceptor.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealTest {
    private static final String SECRET = "a secret of 27 characters..";
    private static final byte[] PLACE = Seal.address("worker");

    private final Seal seal = new Seal(secret(SECRET));

    private static ClusterSecret secret(String value) {
        return ClusterSecret.fromEnvironment("NAME", Map.of("NAME", value));
    }

    @Test
    void open_whatWasClosed_givesItBack() {
        Seal.Opened opened = seal.open(PLACE, seal.close(PLACE, 7, 8, Buffer.buffer("hello")));
        assertThat(opened.sender()).isEqualTo(7);
        assertThat(opened.number()).isEqualTo(8);
        assertThat(opened.message()).hasToString("hello");
    }

    @Test
    void open_anyByteChanged_orAnyPart_isRefused() {
        Buffer sealed = seal.close(PLACE, 7, 8, Buffer.buffer("hello"));
        for (int i = 0; i < sealed.length(); i++) {
            Buffer changed = sealed.copy().setByte(i, (byte) (sealed.getByte(i) ^ 1));
            assertThatThrownBy(() -> seal.open(PLACE, changed)).isInstanceOf(WireException.class);
            Buffer part = sealed.getBuffer(0, i);
            assertThatThrownBy(() -> seal.open(PLACE, part)).isInstanceOf(WireException.class);
        }
    }

    @Test
    void open_ofAnotherSecretOrForAnotherPlace_isRefused() {
        Buffer sealed = seal.close(PLACE, 7, 8, Buffer.buffer("hello"));
        Seal others = new Seal(secret(SECRET + "!"));
        assertThatThrownBy(() -> others.open(PLACE, sealed)).hasMessageContaining("not signed with the secret");
        assertThatThrownBy(() -> new Seal(ClusterSecret.none()).open(PLACE, sealed))
                .isInstanceOf(WireException.class);
        assertThatThrownBy(() -> seal.open(Seal.address("learner"), sealed)).isInstanceOf(WireException.class);
        byte[] question = seal.open(PLACE, sealed).signature();
        Buffer answer = seal.close(Seal.answer(question), 1, 0, Buffer.buffer("yes"));
        assertThat(seal.open(Seal.answer(question), answer).message()).hasToString("yes");
        byte[] other = seal.open(PLACE, seal.close(PLACE, 7, 9, Buffer.buffer("hello")))
                .signature();
        assertThatThrownBy(() -> seal.open(Seal.answer(other), answer)).isInstanceOf(WireException.class);
    }

    @Test
    void accept_eachNumberOnce_alsoOutOfOrder() {
        ReplayWindow window = new ReplayWindow();
        assertThat(List.of(window.accept(3), window.accept(1), window.accept(2), window.accept(3), window.accept(1)))
                .containsExactly(true, true, true, false, false);
        for (long number = 4; number < 5000; number++) {
            assertThat(window.accept(number)).isTrue();
        }
        assertThat(window.accept(5)).as("long ago").isFalse();
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
