package ai.preceptor.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeyHelpTest {
    private final List<String> lines = new KeyHelp(SampleConfig.class).lines();

    @Test
    void lines_everyKey_standsWithDefaultAndRange() {
        assertThat(lines)
                .containsSubsequence("  model=(required)", "      the student; text")
                .containsSubsequence(
                        "Training", "  learning_rate=1e-6", "      step size; a number >= 0", "  max_steps=none")
                .containsSubsequence("reward: reward model", "  reward.learning_rate=1e-4")
                .contains("retry: second chance (left out: not done)");
        for (String path : Schema.of(SampleConfig.class).paths()) {
            assertThat(lines).anyMatch(line -> line.startsWith("  " + path + "="));
        }
    }

    @Test
    void lines_longTexts_areWrapped() {
        assertThat(lines).allMatch(line -> line.length() <= 100);
    }
}
