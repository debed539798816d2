package ai.preceptor.cli.command.tool;

import ai.djl.engine.Engine;
import ai.preceptor.Preceptor;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.DoctorConfig;
import ai.preceptor.data.OutputException;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.MatmulSpeeds;
import ai.preceptor.lm.engine.timing.DecodeChooser;
import ai.preceptor.lm.engine.timing.StepSpeeds;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.torch.Libtorch;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.quickstart.EmbeddedModels;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reports the capabilities of this machine. */
public final class DoctorCommand extends Command<DoctorConfig> {
    private static final double GIB = 1L << 30;
    private static final String EMBEDDED = EmbeddedModels.PREFIX + "student";
    private static final int[] ROWS = {1, 8};
    private static final Duration MEASURED = Duration.ofMillis(300);

    public DoctorCommand() {
        super(
                "doctor",
                "reports what this machine has: Java, cores, memory, device, native libraries, speed, steps of generation",
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
            steps(keys, preceptor.torch(), terminal);
        }
    }

    /** What computes steps of generation, and how fast. */
    private static void steps(DoctorConfig keys, Torch torch, Terminal terminal) {
        Path directory;
        try {
            directory = keys.model() == null ? EmbeddedModels.inUserCache().resolve(EMBEDDED) : keys.model();
        } catch (OutputException e) {
            line(terminal, "steps", "not timed, because " + EMBEDDED + " cannot be unpacked: " + e.getMessage());
            return;
        }
        try (LanguageModel model = LanguageModel.load(torch, directory, new LoadOptions(keys.dtype(), false))) {
            StepSpeeds speeds = new StepSpeeds(model);
            List<String> times = new ArrayList<>();
            Map<String, String> refused = new LinkedHashMap<>();
            times.add("libtorch " + name(keys.dtype()) + " " + millis(speeds, DecodeSettings.TENSORS));
            for (DecodeSettings java : DecodeSettings.inJava()) {
                DecodeChooser.whyNot(model, java)
                        .ifPresentOrElse(
                                why -> refused.put(java.value(), why),
                                () -> times.add("Java " + java.value() + " " + millis(speeds, java)));
            }
            line(terminal, "rollout", "steps in Java (rollout_dtype) are " + possible(refused));
            String name = keys.model() == null ? EMBEDDED : String.valueOf(directory.getFileName());
            line(terminal, "steps", name + ", " + ROWS[0] + " and " + ROWS[1] + " rows: " + String.join("; ", times));
        }
    }

    /** @param refused types of weights with the reason */
    static String possible(Map<String, String> refused) {
        if (refused.isEmpty()) {
            return "possible";
        }
        boolean all = refused.size() == DecodeSettings.inJava().size();
        String why = refused.values().iterator().next();
        return all
                ? "not possible: " + why
                : "possible, but not with " + String.join(", ", refused.keySet()) + ": " + why;
    }

    private static String millis(StepSpeeds speeds, DecodeSettings kind) {
        double[] millis = speeds.millis(kind, ROWS);
        return String.format(Locale.ROOT, "%.2f and %.2f ms", millis[0], millis[1]);
    }

    private static void device(Torch torch, Terminal terminal) {
        Engine engine = Engine.getEngine("PyTorch");
        line(terminal, "pytorch", Libtorch.loaded() + ", by DJL " + Engine.getDjlVersion());
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
