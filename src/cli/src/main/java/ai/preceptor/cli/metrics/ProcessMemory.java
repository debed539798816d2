package ai.preceptor.cli.metrics;

import ai.preceptor.train.run.ResidentMemory;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.OptionalLong;

/**
 * The memory of this process, native memory of models included, which the heap's meters do not see:
 * {@code process.resident.memory}, in bytes. Only Linux tells.
 */
final class ProcessMemory implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        if (ResidentMemory.read().isPresent()) {
            Gauge.builder("process.resident.memory", ProcessMemory::resident)
                    .description("resident memory of this process, native memory included")
                    .baseUnit("bytes")
                    .register(registry);
        }
    }

    private static double resident() {
        OptionalLong bytes = ResidentMemory.read();
        return bytes.isPresent() ? bytes.getAsLong() : Double.NaN; // shown as not known
    }
}
