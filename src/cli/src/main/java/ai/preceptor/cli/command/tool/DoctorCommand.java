package ai.preceptor.cli.command.tool;

import ai.djl.engine.Engine;
import ai.preceptor.Preceptor;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.DoctorConfig;
import ai.preceptor.lm.MatmulSpeeds;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;

/** Reports the capabilities of this machine. */
public final class DoctorCommand extends Command<DoctorConfig> {
    private static final double GIB = 1L << 30;
    private static final Duration MEASURED = Duration.ofMillis(300);

    public DoctorCommand() {
        super(
                "doctor",
                "reports what this machine has: Java, cores, memory, device, native libraries, speed",
                DoctorConfig.class);
    }

    @Override
    public void run(DoctorConfig keys, Terminal terminal) {
        Runtime runtime = Runtime.getRuntime();
        line(terminal, "java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
        line(terminal, "system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        line(terminal, "cores", Integer.toString(runtime.availableProcessors()));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            line(
                    terminal,
                    "memory",
                    gib(system.getTotalMemorySize()) + ", " + gib(system.getFreeMemorySize()) + " free");
        }
        line(terminal, "java heap", "up to " + gib(runtime.maxMemory()) + " (weights and activations are off-heap)");
        try (Preceptor preceptor = keys.device().open()) {
            device(preceptor.torch(), terminal);
        }
    }

    private static void device(Torch torch, Terminal terminal) {
        Engine engine = Engine.getEngine("PyTorch");
        line(terminal, "pytorch", engine.getVersion() + " by DJL " + Engine.getDjlVersion());
        line(
                terminal,
                "device",
                torch.device() + ", " + torch.threads() + " threads, " + engine.getGpuCount() + " CUDA devices seen");
        MatmulSpeeds speeds = MatmulSpeeds.measure(torch, MEASURED);
        for (Precision precision : Precision.values()) {
            line(terminal, name(precision), speeds.text(precision) + " in matrix products");
        }
        line(
                terminal,
                "dtype",
                String.format(
                        Locale.ROOT,
                        "%s trains faster here: bfloat16 products run at %.2f times float32's speed",
                        name(speeds.recommended()),
                        speeds.bfloat16() / speeds.float32()));
    }

    private static String name(Precision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
    }

    private static void line(Terminal terminal, String name, String value) {
        terminal.out().println(String.format(Locale.ROOT, "%-10s %s", name, value));
    }
}
