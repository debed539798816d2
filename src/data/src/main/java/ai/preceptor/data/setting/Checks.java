package ai.preceptor.data.setting;

/** Receives problems that a record of settings finds in combinations of its values. */
public interface Checks {
    /**
     * Refuses the configuration because of {@code key}, a key of the record being checked in snake_case. Nothing is said
     * when the key was already refused for itself.
     *
     * @param message received value, legal range and what is in conflict
     */
    void refuse(String key, String message);
}
