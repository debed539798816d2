package ai.preceptor.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Memory of this process that is in the machine's memory, native tensors included. */
public final class ResidentMemory {
    private static final Logger LOG = LoggerFactory.getLogger(ResidentMemory.class);
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String FIELD = "VmRSS:";

    private ResidentMemory() {}

    /** In bytes; empty where the system does not tell. */
    public static OptionalLong read() {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(FIELD)) {
                    String digits = line.replaceAll("[^0-9]", "");
                    return digits.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits) * 1024);
                }
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be read", STATUS, e);
        }
        return OptionalLong.empty();
    }
}
