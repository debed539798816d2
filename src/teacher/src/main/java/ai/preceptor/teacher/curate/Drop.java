package ai.preceptor.teacher.curate;

/**
 * Why a row is dropped.
 *
 * @param reason what is counted, in snake_case: {@code duplicate}, {@code too_short}
 * @param detail of this row, with the number found
 */
public record Drop(String reason, String detail) {
    /** @throws IllegalArgumentException if the reason is not in snake_case */
    public Drop {
        if (!reason.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("reason: received \"" + reason + "\", expected snake_case");
        }
    }
}
