package ai.preceptor.data.setting;

import java.nio.file.Path;

/** Receives problems that a record of settings finds in combinations of its values. */
public interface Checks {
    /**
     * Refuses the configuration because of {@code key}, a key of the record being checked in snake_case. Nothing is said
     * when the key was already refused for itself.
     *
     * @param message received value, legal range and what is in conflict
     */
    void refuse(String key, String message);

    /**
     * A model that can be looked at now in place of one that need not be there yet: for one that an earlier stage of a recipe
     * trains, the model that training starts from, which has the same architecture. Any other path stands for itself.
     */
    default Path startOf(Path model) {
        return model;
    }

    /** Whether a model that an earlier stage of a recipe trains will be a reward model. Of any other it says nothing: false. */
    default boolean isRewardModel(Path model) {
        return false;
    }
}
