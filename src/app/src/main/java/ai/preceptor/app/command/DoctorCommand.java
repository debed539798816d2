package ai.preceptor.app.command;

import ai.preceptor.app.console.Terminal;
import ai.preceptor.app.keys.DoctorConfig;
import java.lang.management.ManagementFactory;

/** Says what this machine can do. */
final class DoctorCommand implements Command<DoctorConfig> {
    private static final double GIB = 1L << 30;

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String summary() {
        return "says what this machine can do: Java, cores, memory, native libraries";
    }

    @Override
    public Class<DoctorConfig> configuration() {
        return DoctorConfig.class;
    }

    @Override
    public void run(DoctorConfig configuration, Terminal terminal) {
        Runtime runtime = Runtime.getRuntime();
        line(terminal, "java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
        line(terminal, "system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        line(terminal, "cores", Integer.toString(runtime.availableProcessors()));
        line(terminal, "heap limit", String.format("%.1f GiB", runtime.maxMemory() / GIB));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            String free = String.format(
                    "%.1f GiB, %.1f GiB free", system.getTotalMemorySize() / GIB, system.getFreeMemorySize() / GIB);
            line(terminal, "memory", free);
        }
    }

    private static void line(Terminal terminal, String name, String value) {
        terminal.out().println(String.format("%-12s %s", name, value));
    }
}
