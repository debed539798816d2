package ai.preceptor.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import java.lang.module.ModuleDescriptor;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Floors under what others bring along. */
class DependencyVersionsTest {

    /** Before 4.2.18 its HTTP codec lets requests be smuggled in: CVE-2026-42580, 42585, 44891, 55831, 55833, 59903. */
    @Test
    void netty_everyPartOfIt_isTooNewForKnownRequestSmuggling() {
        Map<String, Version> parts = Version.identify();
        assertThat(parts).containsKeys("netty-codec-http", "netty-common", "netty-transport");
        assertThat(parts)
                .allSatisfy((part, version) -> assertThat(ModuleDescriptor.Version.parse(version.artifactVersion()))
                        .as(part)
                        .isGreaterThanOrEqualTo(ModuleDescriptor.Version.parse("4.2.18.Final")));
    }
}
