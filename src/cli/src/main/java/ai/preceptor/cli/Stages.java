package ai.preceptor.cli;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.curation.CurateCommand;
import ai.preceptor.cli.command.elicit.ElicitCommand;
import ai.preceptor.cli.command.evaluation.EvalCommand;
import ai.preceptor.cli.command.training.DistillCommand;
import ai.preceptor.cli.command.training.HeldOut;
import ai.preceptor.cli.command.training.PolicyCommand;
import ai.preceptor.cli.command.training.RankCommand;
import ai.preceptor.cli.command.training.RewardCommand;
import ai.preceptor.cli.command.training.SftCommand;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.cli.keys.inference.ElicitUse;
import ai.preceptor.cli.keys.training.OnlineKeys;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.recipe.StageKind;
import java.util.List;

/** The commands that can be stages of a recipe, and what each leaves to later stages. */
final class Stages {
    private Stages() {}

    static List<StageKind<?>> standard() {
        return List.of(
                elicit(new ElicitCommand()),
                of(new CurateCommand(), false, CurateCommand.CURATED, CurateCommand.DROPPED),
                of(new SftCommand(), true, HeldOut.TRAIN, HeldOut.TEST),
                of(new DistillCommand(), true, HeldOut.TRAIN, HeldOut.TEST),
                of(new RewardCommand(), true, HeldOut.TRAIN, HeldOut.TEST),
                rank(new RankCommand()),
                of(new PolicyCommand(), true),
                of(new EvalCommand(), false));
    }

    /** Keys of one kind are no defaults where another is elicited. */
    private static StageKind<ElicitConfig> elicit(ElicitCommand command) {
        return new StageKind<>(
                command.name(),
                command.configuration(),
                command::run,
                false,
                List.of(
                        ElicitCommand.PREFERENCES,
                        ElicitCommand.RANKED,
                        ElicitCommand.DEMONSTRATIONS,
                        ElicitCommand.PROMPTS,
                        ElicitCommand.DROPPED),
                texts -> ElicitUse.of(texts).unused().keySet());
    }

    /** Its keys for learning online are no defaults where it learns from a file. */
    private static StageKind<RankConfig> rank(RankCommand command) {
        return new StageKind<>(
                command.name(),
                command.configuration(),
                command::run,
                true,
                List.of(HeldOut.TRAIN, HeldOut.TEST),
                new StageKind.Part("online", OnlineKeys.class));
    }

    private static <C extends Record> StageKind<C> of(Command<C> command, boolean makesModel, String... files) {
        return new StageKind<>(command.name(), command.configuration(), command::run, makesModel, List.of(files));
    }
}
