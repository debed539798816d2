package ai.preceptor.train.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.run.RunStore;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects the steps of a run and holds them to a peer's curve: 1e-5 for the first loss, 1e-3 relative for all else. */
public final class TrlCurve implements TrainListener {

    private final List<StepMetrics> steps = new ArrayList<>();

    @Override
    public void onStep(StepMetrics step) {
        steps.add(step);
    }

    /** A loop's surroundings in which only this listens. */
    public LoopSetting setting() {
        return LoopSetting.of(RunStore.none(), new Interrupt(), this);
    }

    /** The steps so far. */
    public List<StepMetrics> steps() {
        return List.copyOf(steps);
    }

    /**
     * Compares every number that the peer has under a name of ours.
     *
     * @param curve has {@code steps}, a list of objects
     * @param names the peer's, each of which both sides must have
     */
    public void assertFollows(JsonNode curve, String... names) {
        assertThat(steps).hasSameSizeAs(curve.path("steps")).isNotEmpty();
        for (int i = 0; i < steps.size(); i++) {
            Map<String, Object> ours = steps.get(i).row();
            for (String name : names) {
                JsonNode peer = curve.path("steps").path(i).path(name);
                assertThat(peer.isNumber()).as("%s of the peer", name).isTrue();
                double expected = peer.asDouble();
                double tolerance = i == 0 && name.equals("loss")
                        ? 1e-5 * Math.max(1, Math.abs(expected))
                        : 1e-3 * Math.max(0.1, Math.abs(expected));
                assertThat(((Number) ours.get(name)).doubleValue())
                        .as("step %d %s", i + 1, name)
                        .isCloseTo(expected, within(tolerance));
            }
        }
    }
}
