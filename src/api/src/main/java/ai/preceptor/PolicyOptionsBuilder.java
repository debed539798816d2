package ai.preceptor;

import ai.preceptor.policy.PolicyParts;
import ai.preceptor.policy.credit.ScaleRewards;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.rollout.OnStale;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Builds {@link PolicyOptions} from an algorithm's defaults. What each value means stands at the record's components. */
public final class PolicyOptionsBuilder {
    private final PolicyAlgorithm algorithm;
    private PolicyLossType lossType;
    private int numGenerations = 2;
    private int maxCompletionLength = 512;
    private double temperature = 1;
    private double beta = 0;
    private KlPlacement klPlacement;
    private @Nullable Double klTarget;
    private int klHorizon = 10_000;
    private double epsilon = 0.2;
    private @Nullable Double epsilonHigh;
    private @Nullable Double delta;
    private ScaleRewards scaleRewards = ScaleRewards.GROUP;
    private boolean normalizeAdvantages;
    private int numIterations = 1;
    private @Nullable Integer stepsPerGeneration;
    private int maxStaleness;
    private int scorerInstances = 1;
    private OnStale onStale = OnStale.WAIT;
    private int generators;
    private Duration scorerTimeout = Duration.ofMinutes(10);
    private Duration heartbeatTimeout = Duration.ofMinutes(2);
    private @Nullable Boolean recomputeOldLogps;
    private PolicyParts parts = PolicyParts.NONE;

    PolicyOptionsBuilder(PolicyAlgorithm algorithm, PolicyLossType lossType, KlPlacement klPlacement) {
        this.algorithm = algorithm;
        this.lossType = lossType;
        this.klPlacement = klPlacement;
    }

    public PolicyOptionsBuilder lossType(PolicyLossType value) {
        this.lossType = value;
        return this;
    }

    public PolicyOptionsBuilder numGenerations(int value) {
        this.numGenerations = value;
        return this;
    }

    public PolicyOptionsBuilder maxCompletionLength(int value) {
        this.maxCompletionLength = value;
        return this;
    }

    public PolicyOptionsBuilder temperature(double value) {
        this.temperature = value;
        return this;
    }

    public PolicyOptionsBuilder beta(double value) {
        this.beta = value;
        return this;
    }

    public PolicyOptionsBuilder klPlacement(KlPlacement value) {
        this.klPlacement = value;
        return this;
    }

    public PolicyOptionsBuilder klTarget(double value) {
        this.klTarget = value;
        return this;
    }

    public PolicyOptionsBuilder klHorizon(int value) {
        this.klHorizon = value;
        return this;
    }

    public PolicyOptionsBuilder epsilon(double value) {
        this.epsilon = value;
        return this;
    }

    public PolicyOptionsBuilder epsilonHigh(double value) {
        this.epsilonHigh = value;
        return this;
    }

    public PolicyOptionsBuilder delta(double value) {
        this.delta = value;
        return this;
    }

    public PolicyOptionsBuilder scaleRewards(ScaleRewards value) {
        this.scaleRewards = value;
        return this;
    }

    public PolicyOptionsBuilder normalizeAdvantages(boolean value) {
        this.normalizeAdvantages = value;
        return this;
    }

    public PolicyOptionsBuilder numIterations(int value) {
        this.numIterations = value;
        return this;
    }

    public PolicyOptionsBuilder stepsPerGeneration(int value) {
        this.stepsPerGeneration = value;
        return this;
    }

    public PolicyOptionsBuilder maxStaleness(int value) {
        this.maxStaleness = value;
        return this;
    }

    public PolicyOptionsBuilder scorerInstances(int value) {
        this.scorerInstances = value;
        return this;
    }

    public PolicyOptionsBuilder onStale(OnStale value) {
        this.onStale = value;
        return this;
    }

    public PolicyOptionsBuilder generators(int value) {
        this.generators = value;
        return this;
    }

    public PolicyOptionsBuilder scorerTimeout(Duration value) {
        this.scorerTimeout = value;
        return this;
    }

    public PolicyOptionsBuilder heartbeatTimeout(Duration value) {
        this.heartbeatTimeout = value;
        return this;
    }

    public PolicyOptionsBuilder recomputeOldLogps(boolean value) {
        this.recomputeOldLogps = value;
        return this;
    }

    /** Objects of the caller's own: what makes advantages, the loss, what steers beta. */
    public PolicyOptionsBuilder parts(PolicyParts value) {
        this.parts = value;
        return this;
    }

    /** @throws ai.preceptor.data.ConfigurationException when values are out of their range; lists all that are */
    public PolicyOptions build() {
        return new PolicyOptions(
                algorithm,
                lossType,
                numGenerations,
                maxCompletionLength,
                temperature,
                beta,
                klPlacement,
                klTarget,
                klHorizon,
                epsilon,
                epsilonHigh == null ? epsilon : epsilonHigh,
                delta,
                scaleRewards,
                normalizeAdvantages,
                numIterations,
                stepsPerGeneration,
                maxStaleness,
                scorerInstances,
                onStale,
                generators,
                scorerTimeout,
                heartbeatTimeout,
                recomputeOldLogps,
                parts);
    }
}
