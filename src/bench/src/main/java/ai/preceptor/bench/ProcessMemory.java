package ai.preceptor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of a process, as Linux accounts it. */
final class ProcessMemory {
    private ProcessMemory() {}

    /** Highest resident memory so far in MiB; 0 when the process is gone or the system does not tell. */
    static long peakMib(long pid) {
        Path status = Path.of("/proc/" + pid + "/status");
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException gone) {
            return 0; // it ended between two looks
        }
    }
}
