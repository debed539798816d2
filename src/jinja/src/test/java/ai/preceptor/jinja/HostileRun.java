package ai.preceptor.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.preceptor.jinja.value.Limits;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Renders a template that wants to use up time or memory, under a share of the limits that every template has. */
final class HostileRun {
    /**
     * The processor's time of one. Compiled by C2 most take a tenth of a second, none half of one; tests run with C1, which
     * takes three times as long where macros call each other, and on cores that others use too.
     */
    private static final Duration AT_MOST = Duration.ofSeconds(5);

    private HostileRun() {}

    static void warmUp() {
        render("{% for i in range(300) %}{{ i ~ 'a'.upper() }}{% endfor %}", 1);
    }

    /**
     * Whatever it does, it ends soon: with a text, or with an error that names a line.
     *
     * @param share what the steps that templates have are divided by, so that many of these together take seconds
     */
    static void requireThatItEndsSoon(String template, int share) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();

        Throwable thrown = catchThrowable(() -> render(template, share));

        Duration took = Duration.ofNanos(threads.getCurrentThreadCpuTime() - began);
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(TemplateException.class).hasMessageContaining("line ");
        }
        assertThat(took).isLessThan(AT_MOST);
    }

    private static String render(String template, int share) {
        Limits limits = new Limits(
                Limits.DEFAULT.textChars(),
                Limits.DEFAULT.steps() / share,
                Limits.DEFAULT.callDepth(),
                Limits.DEFAULT.valueDepth());
        return ChatTemplate.compile(template, Clock.systemUTC(), limits)
                .render(List.of(Map.of("role", "user", "content", "hi")), new RenderOptions(true, Map.of()))
                .text();
    }
}
