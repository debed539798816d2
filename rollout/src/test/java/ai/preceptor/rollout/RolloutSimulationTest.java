package ai.preceptor.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.rollout.RolloutSimulation.SimulatedRun;
import org.junit.jupiter.api.Test;

/** Steps of four prompts, worked out by hand: four seconds of sampling, two of learning, one of publication. */
class RolloutSimulationTest {
    private static final double EXACT = 1e-9;

    @Test
    void oneGenerator_partsFollowOneAnother() {
        SimulatedRun run = run(plan(4, 0).build(), 1, 1, times(0, 0, 0));
        assertThat(run.stepTime()).isEqualTo(7, within(EXACT));
        assertThat(run.learner()).isEqualTo(2.0 / 7, within(EXACT));
        assertThat(run.generators()).isEqualTo(4.0 / 7, within(EXACT));
        assertThat(run.scorers()).isZero();
        assertThat(run.waiting()).isEqualTo(4, within(EXACT));
        assertThat(run.publishing()).isEqualTo(1, within(EXACT));
        assertThat(run.staleness()).isZero();
    }

    @Test
    void twoGenerators_shareAStepOnlyInRequestsOfAPart() {
        SimulatedRun halves = run(plan(2, 0).build(), 2, 1, times(0, 0, 0));
        assertThat(halves.stepTime()).isEqualTo(2 + 2 + 1, within(EXACT));
        assertThat(halves.generators()).isEqualTo(2.0 / 5, within(EXACT));
        SimulatedRun whole = run(plan(4, 0).build(), 2, 1, times(0, 0, 0));
        assertThat(whole.stepTime()).isEqualTo(7, within(EXACT));
        assertThat(whole.generators()).isEqualTo(4.0 / 7 / 2, within(EXACT));
    }

    @Test
    void fixedShare_isNotDivided() {
        // Half of 4 seconds, and half of the other half.
        assertThat(run(plan(2, 0).build(), 2, 1, times(0.5, 0, 0)).stepTime()).isEqualTo(3 + 2 + 1, within(EXACT));
    }

    @Test
    void scoring_beginsWithTheFirstRequest() {
        // Half a second for each prompt. One request: all are scored when it is done.
        SimulatedRun one = run(plan(4, 0).build(), 1, 1, times(0, 2, 0));
        assertThat(one.stepTime()).isEqualTo(4 + 2 + 2 + 1, within(EXACT));
        assertThat(one.scorers()).isEqualTo(2.0 / 9, within(EXACT));
        // Two requests: the first is scored while the second is sampled.
        assertThat(run(plan(2, 0).build(), 1, 1, times(0, 2, 0)).stepTime()).isEqualTo(4 + 1 + 2 + 1, within(EXACT));
        assertThat(run(plan(4, 0).build(), 1, 2, times(0, 2, 0)).stepTime()).isEqualTo(4 + 1 + 2 + 1, within(EXACT));
    }

    @Test
    void transfers_followOneAnother() {
        SimulatedRun run = run(plan(2, 0).build(), 2, 1, times(0, 0, 0.5));
        assertThat(run.publishing()).isEqualTo(1 + 2 * 0.5, within(EXACT));
        assertThat(run.stepTime()).isEqualTo(2 + 2 + 2, within(EXACT));
    }

    /** The learner publishes when the next step has been sampled with the old weights, as it must. */
    @Test
    void staleness1_learningIsHiddenBehindSampling() {
        SimulatedRun run = run(plan(4, 1).build(), 1, 1, times(0, 0, 0));
        assertThat(run.stepTime()).isEqualTo(4 + 1, within(EXACT));
        assertThat(run.generators()).isEqualTo(4.0 / 5, within(EXACT));
        assertThat(run.learner()).isEqualTo(2.0 / 5, within(EXACT));
        assertThat(run.waiting()).isZero();
        assertThat(run.publishing()).isEqualTo(2 + 1, within(EXACT));
        assertThat(run.staleness()).isEqualTo(1, within(EXACT));
    }

    @Test
    void staleness1_slowLearner_isTheBottleneck() {
        SimulatedTimes slow = new SimulatedTimes(4, 0, 0, 0, 6, 1, 0, Double.POSITIVE_INFINITY);
        SimulatedRun run = run(plan(4, 1).build(), 1, 1, slow);
        assertThat(run.stepTime()).isEqualTo(6 + 1, within(EXACT));
        assertThat(run.generators()).isEqualTo(4.0 / 7, within(EXACT));
    }

    @Test
    void oneCore_nothingIsGained() {
        SimulatedTimes shared = new SimulatedTimes(4, 0, 0, 0, 2, 1, 0, 1);
        assertThat(run(plan(2, 0).build(), 2, 1, shared).stepTime()).isEqualTo(7, within(EXACT));
        // Sampling and learning together keep the core busy for 6 seconds, then weights are published.
        assertThat(run(plan(4, 1).build(), 1, 1, shared).stepTime()).isEqualTo(7, within(EXACT));
    }

    /** Three processes on two cores: 4 seconds of sampling in thirds of 4/3, each at two thirds of the speed. */
    @Test
    void threeGeneratorsOnTwoCores_areTwo() {
        RolloutPlan plan =
                RolloutPlan.builder().promptsPerStep(3).promptsPerRequest(1).build();
        SimulatedTimes shared = new SimulatedTimes(4, 0, 0, 0, 2, 1, 0, 2);
        SimulatedRun run = run(plan, 3, 1, shared);
        assertThat(run.stepTime()).isEqualTo(2 + 2 + 1, within(EXACT));
        assertThat(run.generators()).isEqualTo(2.0 / 5, within(EXACT));
    }

    /** What is sampled during learning is too old when it is published, and is sampled again: 4 s are wasted in each step. */
    @Test
    void dropped_samplesAreSampledAgain() {
        SimulatedRun run = run(plan(4, 0).onStale(OnStale.DROP).build(), 1, 1, times(0, 0, 0));
        assertThat(run.stepTime()).isEqualTo(4 + 1 + 4, within(EXACT));
        assertThat(run.generators()).isEqualTo(8.0 / 9, within(EXACT));
        assertThat(run.staleness()).isZero();
    }

    @Test
    void spread_isReproducible_andTheSlowerHalfIsWaitedFor() {
        SimulatedTimes spread = new SimulatedTimes(4, 0, 0.5, 0, 2, 1, 0, Double.POSITIVE_INFINITY);
        SimulatedRun one = run(plan(4, 0).build(), 1, 1, spread);
        assertThat(one).isEqualTo(run(plan(4, 0).build(), 1, 1, spread));
        // The mean of 800 prompts has a standard error of 0.5 / sqrt(800) = 1.8 %.
        assertThat(one.stepTime()).isEqualTo(7, within(4 * 0.018 * 4));
        SimulatedRun two = run(plan(2, 0).build(), 2, 1, spread);
        assertThat(two.stepTime()).isGreaterThan(one.waiting() / 2 + 2 + 1);
        assertThat(two.waiting()).isGreaterThan(2 * two.generators() * two.stepTime() / 2);
    }

    @Test
    void illegalNumbers_areRefused() {
        assertThatThrownBy(() -> new SimulatedTimes(-1, 2, 0, 0, 0, 0, 0, 0))
                .hasMessageContaining("sampling is -1.0, legal: 0.0 to")
                .hasMessageContaining("fixedShare is 2.0, legal: 0.0 to 1.0")
                .hasMessageContaining("learning is 0.0, legal: 4.9E-324 to")
                .hasMessageContaining("cores is 0.0");
        assertThatThrownBy(() -> new RolloutSimulation(plan(4, 0).build(), 0, 1, times(0, 0, 0)))
                .hasMessageContaining("received 0 and 1");
    }

    private static SimulatedRun run(RolloutPlan plan, int generators, int scorers, SimulatedTimes times) {
        return new RolloutSimulation(plan, generators, scorers, times).run(8, 200);
    }

    private static SimulatedTimes times(double fixedShare, double scoring, double transfer) {
        return new SimulatedTimes(4, fixedShare, 0, scoring, 2, 1, transfer, Double.POSITIVE_INFINITY);
    }

    private static RolloutPlanBuilder plan(int request, int staleness) {
        return RolloutPlan.builder()
                .promptsPerStep(4)
                .promptsPerRequest(request)
                .maxStaleness(staleness);
    }
}
