package ai.preceptor.train.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LearningRateScheduleTest {

    private static final double PEAK = 2e-3;

    /** Half a turn of the cosine over 8 steps after 2 of warm-up: (1 + cos(pi / 2)) / 2 at the middle. */
    @Test
    void cosine_byHand() {
        LearningRateSchedule schedule = schedule(LrSchedulerType.COSINE, ScheduleShape.defaults(), 2, 10);
        assertThat(schedule.at(0)).isZero();
        assertThat(schedule.at(1)).isEqualTo(1e-3);
        assertThat(schedule.at(2)).isEqualTo(2e-3);
        assertThat(schedule.at(4)).isEqualTo(PEAK * (1 + Math.sqrt(0.5)) / 2, within(1e-15));
        assertThat(schedule.at(6)).isEqualTo(1e-3, within(1e-15));
        assertThat(schedule.at(10)).isEqualTo(0, within(1e-15));
    }

    /** 5 of 5 steps left, then 4 of 5, ...; never below 0 beyond the end. */
    @Test
    void linear_byHand() {
        LearningRateSchedule schedule = schedule(LrSchedulerType.LINEAR, ScheduleShape.defaults(), 0, 5);
        assertThat(schedule.at(0)).isEqualTo(2e-3);
        assertThat(schedule.at(1)).isEqualTo(1.6e-3, within(1e-15));
        assertThat(schedule.at(4)).isEqualTo(0.4e-3, within(1e-15));
        assertThat(schedule.at(7)).isZero();
    }

    @TestFactory
    List<DynamicTest> everyShape_equalsTransformers() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (InputStream in = getClass().getResourceAsStream("transformers_schedules.json")) {
            for (JsonNode made : new ObjectMapper().readTree(in).path("cases")) {
                String name = made.path("lr_scheduler_type").asText() + " " + made.path("lr_scheduler_kwargs");
                tests.add(DynamicTest.dynamicTest(name, () -> equalsTransformers(made)));
            }
        }
        assertThat(tests).hasSize(14);
        return tests;
    }

    private static void equalsTransformers(JsonNode made) {
        JsonNode kwargs = made.path("lr_scheduler_kwargs");
        ScheduleShape shape = new ScheduleShape(
                number(kwargs, "min_lr"),
                number(kwargs, "min_lr_rate"),
                number(kwargs, "lr_end"),
                number(kwargs, "power"),
                number(kwargs, "num_cycles"),
                kwargs.has("timescale") ? kwargs.path("timescale").asInt() : null);
        LrSchedulerType type =
                LrSchedulerType.valueOf(made.path("lr_scheduler_type").asText().toUpperCase(Locale.ROOT));
        LearningRateSchedule schedule = schedule(
                type,
                shape,
                made.path("warmup_steps").asInt(),
                made.path("total_steps").asInt());
        assertThat(made.path("rates")).hasSize(12);
        for (int step = 0; step < 12; step++) {
            assertThat(schedule.at(step))
                    .as("step %d", step)
                    .isEqualTo(made.path("rates").path(step).asDouble(), within(1e-15));
        }
    }

    @Test
    void create_withSeveralWrongValues_namesAll() {
        assertThatThrownBy(() -> new LearningRateSchedule(
                        LrSchedulerType.COSINE_WITH_MIN_LR, ScheduleShape.defaults(), -1, -2, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("learning_rate is -1.0")
                .hasMessageContaining("warmup_steps is -2")
                .hasMessageContaining("0 steps")
                .hasMessageContaining("exactly one of min_lr and min_lr_rate, found neither");
    }

    /** transformers ignores the warm-up here without a word. */
    @Test
    void constant_withWarmup_isRefused() {
        assertThatThrownBy(() -> schedule(LrSchedulerType.CONSTANT, ScheduleShape.defaults(), 5, 10))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("constant_with_warmup");
    }

    @Test
    void polynomial_endingAboveThePeak_isRefused() {
        ScheduleShape shape = new ScheduleShape(null, null, 0.1, null, null, null);
        assertThatThrownBy(() -> schedule(LrSchedulerType.POLYNOMIAL, shape, 0, 10))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("lr_end is 0.1");
    }

    /** transformers raises a TypeError. */
    @Test
    void create_optionOfAnotherShape_isRefusedWithThoseItTakes() {
        assertThatThrownBy(() ->
                        schedule(LrSchedulerType.COSINE, new ScheduleShape(1e-6, null, null, null, 2.0, null), 0, 10))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "lr_scheduler_kwargs.min_lr: expected nothing with cosine, which takes num_cycles; found 1.0E-6");
        ScheduleShape all = new ScheduleShape(1e-6, 0.1, 1e-9, 2.0, 2.0, 7);
        for (LrSchedulerType type : LrSchedulerType.values()) {
            List<String> unread =
                    new ArrayList<>(List.of("min_lr", "min_lr_rate", "lr_end", "power", "num_cycles", "timescale"));
            assertThat(unread).containsAll(type.options());
            unread.removeAll(type.options());
            assertThat(LearningRateSchedule.problems(type, all, PEAK, 0))
                    .filteredOn(problem -> problem.contains("expected nothing with " + type.key()))
                    .extracting(problem -> problem.replaceFirst("lr_scheduler_kwargs\\.(\\w+):.*", "$1"))
                    .containsExactlyElementsOf(unread);
        }
    }

    private static LearningRateSchedule schedule(LrSchedulerType type, ScheduleShape shape, int warmup, int total) {
        return new LearningRateSchedule(type, shape, PEAK, warmup, total);
    }

    private static @Nullable Double number(JsonNode kwargs, String key) {
        return kwargs.has(key) ? kwargs.path(key).asDouble() : null;
    }

    /** Steps and time scale add up beyond an int. */
    @Test
    void at_largestTimescale_falls() {
        ScheduleShape shape = new ScheduleShape(null, null, null, null, null, Integer.MAX_VALUE);
        LearningRateSchedule schedule =
                new LearningRateSchedule(LrSchedulerType.INVERSE_SQRT, shape, 1, 0, Integer.MAX_VALUE);
        assertThat(schedule.at(Integer.MAX_VALUE - 1)).isCloseTo(Math.sqrt(0.5), within(1e-9));
    }
}
