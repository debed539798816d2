package ai.preceptor.cli.metrics;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import ai.preceptor.lm.torch.Libtorch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The memory in use of each GPU, that of other processes included: {@code gpu.memory.used}, in bytes; nothing without CUDA. */
final class GpuMemory implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        Libtorch.select(); // DJL looks for the CUDA runtime once, here perhaps
        for (int i = 0; i < CudaUtils.getGpuCount(); i++) {
            Device device = Device.gpu(i);
            Gauge.builder(
                            "gpu.memory.used",
                            () -> CudaUtils.getGpuMemory(device).getUsed())
                    .description("memory in use on this GPU, by all processes")
                    .baseUnit("bytes")
                    .tag("gpu", Integer.toString(i))
                    .register(registry);
        }
    }
}
