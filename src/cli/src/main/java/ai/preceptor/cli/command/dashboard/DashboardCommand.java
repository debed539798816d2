package ai.preceptor.cli.command.dashboard;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.dashboard.DashboardConfig;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.dashboard.DashboardServer;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.experiment.RunSettingsReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Serves the page of runs until it is stopped. */
public final class DashboardCommand extends Command<DashboardConfig> {
    private final RunSettingsReader settings;

    /** @param settings reads the configurations of runs */
    public DashboardCommand(RunSettingsReader settings) {
        super(
                "dashboard",
                "serves a live page of the runs in a directory, until it is interrupted",
                DashboardConfig.class);
        this.settings = settings;
    }

    @Override
    public DashboardConfig read(@Nullable Path file, List<String> arguments, References references) {
        return super.read(
                file,
                arguments.stream()
                        .map(argument ->
                                argument.contains("=") || argument.startsWith("-") ? argument : "runs=" + argument)
                        .toList(),
                references);
    }

    @Override
    public void run(DashboardConfig keys, Terminal terminal) {
        Interrupt interrupt = terminal.interrupt();
        CountDownLatch asked = new CountDownLatch(1);
        try (HandJudging judging = new HandJudging(keys.judging(), terminal.err());
                DashboardServer server = DashboardServer.start(keys.options(), settings, judging.pages())) {
            terminal.out().println("dashboard of " + keys.directory() + " at " + server.url());
            if (keys.judging().judge() != null) {
                terminal.out().println("judging by hand at " + server.url() + "judge");
            }
            interrupt.onRequest(asked::countDown);
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new InterruptedRunException("the dashboard is closed; runs continue");
    }
}
