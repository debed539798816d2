package ai.preceptor.cli.keys.cluster;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.Section;
import ai.preceptor.data.setting.ToldValue;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.rollout.cluster.ClusterSetting;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which processes compute a command's rows for it. */
public record StageWorkerKeys(
        @Section(
                help = "processes that compute in place of this one (./preceptor worker)",
                effect = KeyEffect.EXECUTION)
        @Nullable
        ClusterKeys cluster)
        implements Checked {
    /** After which a worker without a sign of life is taken as dead, as {@code policy} has it by default. */
    private static final Duration SILENCE = Duration.ofMinutes(2);

    /** Whether there are some. */
    public boolean isGiven() {
        return cluster != null;
    }

    /** The keys, where there are workers. */
    public ClusterKeys required() {
        return Objects.requireNonNull(cluster, "checked");
    }

    /** As the library takes them. */
    public ClusterSetting setting() {
        return required().setting(SILENCE);
    }

    @Override
    public void check(Checks checks) {
        if (cluster != null && cluster.heartbeat() >= SILENCE.toSeconds()) {
            checks.refuse(
                    "cluster",
                    "expected a heartbeat below " + SILENCE.toSeconds()
                            + " s, after which a worker is taken as dead, found " + cluster.heartbeat());
        }
    }

    /**
     * Refuses what cannot go to workers.
     *
     * @param given what stands in the way; null or false where nothing does
     * @param why not
     */
    public void refuse(String key, @Nullable Object given, String why, Checks checks) {
        if (cluster != null && given != null && !given.equals(false)) {
            checks.refuse(key, "expected nothing with cluster, found " + ToldValue.of(key, given) + ": " + why);
        }
    }

    /** Refuses a choice that is made with a loaded model. */
    public void refuseAuto(DecodeSettings decode, Checks checks) {
        if (cluster != null && decode.isAuto()) {
            checks.refuse(
                    "rollout_dtype",
                    "expected a type or none with cluster, found auto, which is measured with a model in this process");
        }
    }
}
