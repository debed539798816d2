package ai.preceptor.vector;

/**
 * Angles of a rotary embedding by position.
 *
 * @param cos cosines {@code [positions, angles]}
 * @param sin sines, as many
 * @param angles pairs of numbers of a head that are turned, the first half of the turned numbers with the second
 */
@SuppressWarnings("ArrayRecordComponent") // a table, compared by nobody
public record RotaryTable(float[] cos, float[] sin, int angles) {
    /** Turns heads of {@code size} numbers each. */
    void turn(float[] x, int from, int heads, int size, int position) {
        int row = position * angles;
        for (int head = 0; head < heads; head++) {
            int first = from + head * size;
            for (int i = 0; i < angles; i++) {
                float a = x[first + i];
                float b = x[first + angles + i];
                float c = cos[row + i];
                float s = sin[row + i];
                x[first + i] = a * c - b * s;
                x[first + angles + i] = b * c + a * s;
            }
        }
    }
}
