package ai.preceptor.dashboard.run;

import ai.preceptor.train.run.RunStatus;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether what {@code status.json} calls running still is. A process of this machine is looked for by its number and the time of
 * its start, since numbers are used again; of one elsewhere, or on a machine without a name, only the last
 * sign of life is known.
 *
 * @param host name of this machine; empty if it has none
 * @param now milliseconds since 1970
 */
record Liveness(String host, long now) {
    /** After so long without a sign, a process elsewhere counts as gone. */
    private static final long SILENCE_MILLIS = 120_000;

    /** Clocks are set; a number is not used again so soon. */
    private static final long SAME_START_MILLIS = 10_000;

    boolean isAlive(JsonNode status) {
        String itsHost = status.path("host").asText();
        if (itsHost.isEmpty() || !itsHost.equals(host)) {
            return isRecent(status.path("updated").asLong());
        }
        Optional<ProcessHandle> process = ProcessHandle.of(status.path("pid").asLong(-1));
        Optional<Instant> began = process.flatMap(handle -> handle.info().startInstant());
        if (began.isEmpty() || !status.path("process_started").isNumber()) {
            return process.map(ProcessHandle::isAlive).orElse(false);
        }
        long told = status.path("process_started").asLong();
        return Math.abs(began.get().toEpochMilli() - told) <= SAME_START_MILLIS;
    }

    boolean isRecent(long millis) {
        return now - millis < SILENCE_MILLIS;
    }

    static Liveness here() {
        return new Liveness(RunStatus.host(), System.currentTimeMillis());
    }
}
