package ai.preceptor.cli.keys.inference;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import org.jspecify.annotations.Nullable;

/** What the machine that is planned for has. */
public record PlanMachineKeys(
        @Key(help = "GPUs, each with a learner; 0 plans for this machine", defaultValue = "0", range = "[0, 4096]")
        int gpus,

        @Key(help = "memory of a GPU in GiB", range = "(0, 1e6)") @Nullable
        Double gpuMemory,

        @Key(help = "TFLOP/s of a GPU's matrix products in dtype, without sparsity", range = "(0, 1e6)") @Nullable
        Double gpuPeak,

        @Key(
                help = "the same in float32, for forward_dtype=float32 with dtype=bfloat16",
                defaultText = "gpu_peak with dtype=float32",
                range = "(0, 1e6)")
        @Nullable
        Double gpuPeakFloat32,

        @Key(help = "memory bandwidth of a GPU in GB/s", range = "(0, 1e6)") @Nullable
        Double gpuBandwidth,

        @Key(
                help = "bandwidth between machines in GB/s: learners exchange gradients, workers fetch weights",
                defaultValue = "10",
                range = "(0, 1e6)")
        double linkBandwidth,

        @Key(help = "share of the peak that matrix products of a step reach", defaultValue = "0.5", range = "(0, 1]")
        double utilization)
        implements Checked {
    @Override
    public void check(Checks checks) {
        require("gpu_memory", gpuMemory, checks);
        require("gpu_peak", gpuPeak, checks);
        require("gpu_bandwidth", gpuBandwidth, checks);
        refuseWithoutGpus("gpu_peak_float32", gpuPeakFloat32, checks);
    }

    private void require(String key, @Nullable Double value, Checks checks) {
        if (gpus > 0 && value == null) {
            checks.refuse(key, "expected a number with gpus=" + gpus + ", found none");
        }
        refuseWithoutGpus(key, value, checks);
    }

    private void refuseWithoutGpus(String key, @Nullable Double value, Checks checks) {
        if (gpus == 0 && value != null) {
            checks.refuse(key, "expected none with gpus=0, found " + value);
        }
    }
}
