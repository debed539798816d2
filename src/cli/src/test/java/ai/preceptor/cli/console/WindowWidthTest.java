package ai.preceptor.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WindowWidthTest {
    private final AtomicLong now = new AtomicLong();

    @Test
    void getAsInt_afterTheWindowChanged_isTheNewWidth() throws InterruptedException {
        AtomicInteger columns = new AtomicInteger(120);
        WindowWidth width = new WindowWidth(() -> OptionalInt.of(columns.get()), 80, now::get);
        assertThat(width.getAsInt()).isEqualTo(120);
        columns.set(100);
        now.set(999_999_999L);
        assertThat(width.getAsInt()).isEqualTo(120);
        now.set(1_000_000_000L);
        width.getAsInt();
        for (int i = 0; i < 2000 && width.getAsInt() != 100; i++) {
            Thread.sleep(5);
        }
        assertThat(width.getAsInt()).isEqualTo(100);
    }

    @Test
    void getAsInt_withoutAWindow_isWhatTheEnvironmentSays() {
        assertThat(new WindowWidth(OptionalInt::empty, 132, now::get).getAsInt())
                .isEqualTo(132);
        assertThat(new WindowWidth(() -> OptionalInt.of(3), 132, now::get).getAsInt())
                .as("so narrow a window is not served")
                .isEqualTo(20);
        assertThat(WindowWidth.told(null)).isEqualTo(80);
        assertThat(WindowWidth.told("0")).isEqualTo(80);
        assertThat(WindowWidth.told("100")).isEqualTo(100);
        assertThat(WindowWidth.told("wide")).isEqualTo(80);
    }
}
