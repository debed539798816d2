package ai.preceptor.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnHostTest {
    private final OwnHost here = new OwnHost("127.0.0.1");

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:65535"})
    void loopback_isOwn(String authority) {
        assertThat(here.isNamedBy(authority)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.org",
                "localhost.example.org",
                "127.0.0.1.example.org:80",
                "127.0.0.2",
                "::1",
                "[::1",
                "localhost:123456",
                "localhost:80:80",
                "[127.0.0.1]",
                " localhost"
            })
    void otherName_isNot(String authority) {
        assertThat(here.isNamedBy(authority)).isFalse();
    }

    @Test
    void none_isNot() {
        assertThat(here.isNamedBy(null)).isFalse();
    }

    @Test
    void whereItListens_isOwn() {
        assertThat(new OwnHost("Gpu-7").isNamedBy("gpu-7:80")).isTrue();
        assertThat(new OwnHost("fe80::1").isNamedBy("[FE80::1]:80")).isTrue();
        assertThat(new OwnHost("[fe80::1]").isName("[fe80::1]")).isTrue();
        assertThat(new OwnHost("127.0.0.2").isNamedBy("127.0.0.2")).isTrue();
    }
}
