package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PolicyOptionsTest {
    @Test
    void build_severalWrongValues_namesAllWithTheirRanges() {
        assertThatThrownBy(() -> PolicyOptions.builder(PolicyAlgorithm.RLOO)
                        .numGenerations(1)
                        .temperature(Double.NaN)
                        .beta(0)
                        .klTarget(4)
                        .epsilonHigh(0.28)
                        .delta(1.25)
                        .stepsPerGeneration(0)
                        .scorerTimeout(Duration.ZERO)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("num_generations: expected 2 or more, since answers to a prompt are compared, found 1;"
                        + " temperature: expected a number in (0, 1000000000), found NaN;"
                        + " kl_target: expected nothing where beta is 0, found 4.0;"
                        + " delta: expected more than 1 + epsilon_high = 1.28, found 1.25;"
                        + " steps_per_generation: expected an integer in [1, inf), found 0;"
                        + " scorer_timeout: expected a number in (0, inf), found 0.0");
    }

    /** What is left out takes its value from one that was refused; it is not refused too. */
    @Test
    void build_wrongEpsilon_isToldOnce() {
        assertThatThrownBy(() -> PolicyOptions.builder(PolicyAlgorithm.PPO)
                        .epsilon(0)
                        .numGenerations(0)
                        .build())
                .hasMessage(
                        "num_generations: expected 1 or more, found 0; epsilon: expected a number in (0, 1], found 0.0");
        assertThat(PolicyOptions.builder(PolicyAlgorithm.PPO)
                        .numGenerations(1)
                        .build()
                        .numGenerations())
                .isEqualTo(1);
    }
}
