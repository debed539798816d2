package ai.preceptor.run;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.policy.Experience;
import ai.preceptor.policy.kl.ReferenceSettings;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.model.SyncedReference;
import ai.preceptor.train.reference.Reference;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The model that a policy is kept near.
 *
 * @param frozen its log-probabilities; null where nothing is compared with it
 * @param model a second model that is kept beside the student; null when none is
 * @param synced what moves it towards the policy; null when it stays as it is
 */
public record PolicyReference(
        Reference.@Nullable FrozenModel frozen,
        @Nullable LoadedModel model,
        @Nullable SyncedReference<Experience> synced)
        implements AutoCloseable {

    /**
     * What the settings ask for.
     *
     * @param student as it is before any step
     * @param settings which model, and whether it moves
     * @param needed whether anything is compared with it
     * @param temperature of its log-probabilities, above 0
     * @throws ConfigurationException when the reference has another vocabulary, or is to follow a student that it cannot
     *     follow
     */
    public static PolicyReference of(
            LoadedModel student, ReferenceSettings settings, boolean needed, double temperature) {
        if (!needed) {
            return new PolicyReference(null, null, null);
        }
        boolean adapter = student.model().trainsAdapter();
        if (settings.moves() && adapter) {
            throw new ConfigurationException((settings.syncRefModel() ? "sync_ref_model" : "ref_reset_steps")
                    + ": expected nothing with an adapter, whose reference is the model without it");
        }
        Path other = settings.refModel();
        if (other == null && adapter) {
            return new PolicyReference(batch -> student.model().referenceLogprobs(batch, temperature), null, null);
        }
        LoadedModel loaded = other == null
                ? student.frozen()
                : settings.moves() ? student.movingReference(other) : student.reference(other);
        SyncedReference<Experience> synced = settings.moves()
                ? new SyncedReference<>(loaded.model(), student.model(), settings.share(), settings.period())
                : null;
        return new PolicyReference(batch -> loaded.model().logprobs(batch, temperature), loaded, synced);
    }

    /** A loop's environment in which a reference that moves receives the steps and is saved. */
    public LoopSetting in(LoopSetting setting) {
        return synced == null ? setting : setting.hearing(synced).with(synced);
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
        }
    }
}
