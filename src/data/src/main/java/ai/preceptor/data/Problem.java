package ai.preceptor.data;

/**
 * What is wrong with a value that has a name.
 *
 * @param key the name as users write it: a key of the configuration, a field of a request
 * @param message received value and legal range, without the key
 */
public record Problem(String key, String message) {

    /** {@code key: message}. */
    @Override
    public String toString() {
        return key + ": " + message;
    }
}
