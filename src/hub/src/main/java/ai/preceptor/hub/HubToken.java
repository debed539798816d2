package ai.preceptor.hub;

/**
 * A user's access token. Its text is in no message, since {@link #toString} does not have it.
 *
 * @param secret printable ASCII without blanks
 */
record HubToken(String secret) {
    HubToken {
        if (secret.isEmpty() || !secret.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("an access token has characters that no token has");
        }
    }

    String header() {
        return "Bearer " + secret;
    }

    @Override
    public String toString() {
        return "HubToken[...]";
    }
}
