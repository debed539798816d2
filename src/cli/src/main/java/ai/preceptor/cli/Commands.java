package ai.preceptor.cli;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.curation.CurateCommand;
import ai.preceptor.cli.command.dashboard.DashboardCommand;
import ai.preceptor.cli.command.elicit.ElicitCommand;
import ai.preceptor.cli.command.evaluation.EvalCommand;
import ai.preceptor.cli.command.inference.ForwardCommand;
import ai.preceptor.cli.command.inference.GenerateCommand;
import ai.preceptor.cli.command.inference.LogprobsCommand;
import ai.preceptor.cli.command.inference.ScoreCommand;
import ai.preceptor.cli.command.inference.ServeCommand;
import ai.preceptor.cli.command.tool.ConvertCommand;
import ai.preceptor.cli.command.tool.DoctorCommand;
import ai.preceptor.cli.command.tool.PlanCommand;
import ai.preceptor.cli.command.tool.RenderCommand;
import ai.preceptor.cli.command.training.DistillCommand;
import ai.preceptor.cli.command.training.PolicyCommand;
import ai.preceptor.cli.command.training.RankCommand;
import ai.preceptor.cli.command.training.RewardCommand;
import ai.preceptor.cli.command.training.SftCommand;
import ai.preceptor.cli.command.training.WorkerCommand;
import ai.preceptor.cli.compare.CompareCommand;
import ai.preceptor.cli.recipe.RunCommand;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** All commands, and their help. */
public final class Commands {
    private final List<Command<?>> all;

    /** @param all in the order of the help text */
    public Commands(List<Command<?>> all) {
        this.all = List.copyOf(all);
    }

    /** Every command of this program. */
    public static Commands standard() {
        return new Commands(List.of(
                new RunCommand(Stages.standard()),
                new ElicitCommand(),
                new CurateCommand(),
                new SftCommand(),
                new DistillCommand(),
                new RewardCommand(),
                new RankCommand(),
                new PolicyCommand(),
                new WorkerCommand(() -> List.of(
                        GenerateCommand.stage(),
                        ScoreCommand.stage(),
                        LogprobsCommand.stage(),
                        ElicitCommand.stage(),
                        DistillCommand.stage())),
                new EvalCommand(),
                new CompareCommand(Stages.configurations()),
                new GenerateCommand(),
                new ServeCommand(),
                new DashboardCommand(Stages.configurations()),
                new LogprobsCommand(),
                new ScoreCommand(),
                new ForwardCommand(),
                new RenderCommand(),
                new ConvertCommand(),
                new DoctorCommand(),
                new PlanCommand()));
    }

    /**
     * The command of that name.
     *
     * @throws ConfigurationException when there is none, naming the nearest
     */
    Command<?> named(String name) {
        return all.stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    /** The words that call them. */
    List<String> names() {
        return all.stream().map(Command::name).toList();
    }

    /** Usage and one line per command. */
    List<String> overview() {
        List<String> lines = new ArrayList<>(List.of(
                "Preceptor distils a teacher's preferences into a smaller language model.",
                "",
                "usage: preceptor COMMAND [CONFIG.yaml] [key=value ...] [--key value ...]",
                "       preceptor help [--template | --json-schema] COMMAND",
                "       preceptor completion bash|zsh",
                "       preceptor version",
                ""));
        all.forEach(command -> lines.add(String.format(Locale.ROOT, "  %-10s %s", command.name(), command.summary())));
        lines.addAll(
                List.of(
                        "",
                        "key=value overrides the file; a list is [a,b]; a dot leads into a section (dpo.beta=0.2).",
                        "--learning-rate 1e-5 is the same as learning_rate=1e-5; --resume is resume=true, --no-shuffle shuffle=false.",
                        "Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 data, 4 teacher, worker or disk, 130 interrupted."));
        return lines;
    }

    /** What one command does and every key it takes. */
    List<String> help(String name) {
        Command<?> command = named(name);
        List<String> lines = new ArrayList<>(List.of(
                "usage: preceptor " + name + " [CONFIG.yaml] [key=value ...] [--key value ...]",
                "",
                "  " + command.summary()));
        lines.addAll(command.help());
        return lines;
    }

    /** A configuration file of a command to fill in. */
    List<String> template(String name) {
        Command<?> command = named(name);
        List<String> lines = new ArrayList<>(List.of(
                "# " + name + ": " + command.summary(),
                "#",
                "#   ./preceptor " + name + " THIS_FILE.yaml [key=value ...]",
                "#",
                "# Every key with its default. A line \"#key: value\" is a default; remove the # to set it. What has no # is an",
                "# example of what the command needs: put your own in its place."));
        lines.addAll(command.template());
        return lines;
    }

    /** Every key a command takes, as JSON Schema. */
    String schema(String name) {
        return named(name).schema().toString();
    }

    /** Every key of every command, as Markdown. */
    List<String> reference() {
        return new KeyReference(all).lines();
    }

    /**
     * The script that completes commands and keys.
     *
     * @throws ConfigurationException when there is none for the shell
     */
    String completion(String shell) {
        List<String> shells = Arrays.stream(ShellCompletion.values())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!shells.contains(shell)) {
            throw new ConfigurationException(
                    "command line: completion is for " + String.join(" or ", shells) + ", found \"" + shell + "\"");
        }
        return ShellCompletion.valueOf(shell.toUpperCase(Locale.ROOT)).script(all);
    }

    private ConfigurationException unknown(String name) {
        String meant = new Nearest(names()).hint(name);
        return new ConfigurationException("command line: unknown command \"" + name + "\"" + meant + "; commands are "
                + String.join(", ", names()) + ", completion, help");
    }
}
