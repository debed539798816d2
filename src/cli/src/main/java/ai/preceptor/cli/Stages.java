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
import ai.preceptor.cli.keys.CallKeys;
import ai.preceptor.cli.keys.ReadingKeys;
import ai.preceptor.cli.keys.UnusedKeys;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.cli.keys.inference.ElicitKind;
import ai.preceptor.cli.keys.inference.ElicitUse;
import ai.preceptor.cli.keys.inference.EvalUse;
import ai.preceptor.cli.keys.training.DistillUse;
import ai.preceptor.cli.keys.training.OnlineKeys;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.keys.training.RankReferenceKeys;
import ai.preceptor.cli.keys.training.RankUse;
import ai.preceptor.cli.recipe.StageKind;
import ai.preceptor.cli.runs.ConfigReader;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.train.schedule.LrSchedulerType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The commands that can be stages of a recipe, and what each leaves to later stages. */
final class Stages {
    private static final List<String> HELD_OUT = List.of(HeldOut.TRAIN, HeldOut.TEST);

    private Stages() {}

    static List<StageKind<?>> standard() {
        return List.of(
                elicit(new ElicitCommand()),
                of(new CurateCommand(), false, CurateCommand.CURATED, CurateCommand.DROPPED),
                of(new SftCommand(), true, HELD_OUT, new HeldOutRows(Stages::schedule)),
                of(
                        new DistillCommand(),
                        true,
                        HELD_OUT,
                        new HeldOutRows(texts ->
                                all(List.of(DistillUse.of(texts).unused().keySet(), schedule(texts))))),
                of(new RewardCommand(), true, HELD_OUT, new HeldOutRows(Stages::schedule)),
                rank(new RankCommand()),
                of(
                        new PolicyCommand(),
                        true,
                        List.of(),
                        texts -> all(
                                List.of(calls(texts), steps(texts), reading(texts), schedule(texts), policy(texts)))),
                of(new EvalCommand(), false, List.of(), new Evaluated()));
    }

    /** Reads the configurations that they leave. */
    static ConfigReader configurations() {
        Map<String, Class<? extends Record>> keys = new LinkedHashMap<>();
        standard().forEach(kind -> keys.put(kind.command(), kind.keys()));
        return new ConfigReader(keys);
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
                new Elicited());
    }

    /** Its keys for learning online are no defaults where it learns from a file, nor are those of other losses. */
    private static StageKind<RankConfig> rank(RankCommand command) {
        return new StageKind<>(
                command.name(),
                command.configuration(),
                command::run,
                true,
                HELD_OUT,
                new HeldOutRows(texts -> all(List.of(
                        new StageKind.Part("online", OnlineKeys.class).of(texts),
                        calls(texts),
                        steps(texts),
                        reading(texts),
                        schedule(texts),
                        RankReferenceKeys.unused(texts),
                        RankUse.of(texts).unused().keySet()))));
    }

    /**
     * Files of rows that were split, which there are where some are held out.
     *
     * @param keys the command's that have no effect
     */
    private record HeldOutRows(StageKind.Unused keys) implements StageKind.Unused {
        @Override
        public Collection<String> of(Function<String, List<String>> texts) {
            return keys.of(texts);
        }

        @Override
        public boolean writes(String file, Function<String, List<String>> texts) {
            return !texts.apply("eval_rows").isEmpty();
        }
    }

    /** What keys of {@code elicit} leave without effect. */
    private static final class Elicited implements StageKind.Unused {
        @Override
        public Collection<String> of(Function<String, List<String>> texts) {
            ElicitUse use = ElicitUse.of(texts);
            boolean words = use.kind() != ElicitKind.PREFERENCES
                    || !texts.apply("teacher_mode").isEmpty();
            List<String> unused = new ArrayList<>(use.unused().keySet());
            unused.addAll(CallKeys.of(texts, words).unused().keySet());
            return unused;
        }

        @Override
        public boolean writes(String file, Function<String, List<String>> texts) {
            return ElicitUse.of(texts).written(!texts.apply("select").isEmpty()).contains(file.replace(".jsonl", ""));
        }
    }

    /** What an evaluation leaves without effect, which depends on what trains its model. */
    private static final class Evaluated implements StageKind.Unused {
        @Override
        public Collection<String> of(Function<String, List<String>> texts) {
            return of(texts, text -> Optional.empty());
        }

        @Override
        public Collection<String> of(
                Function<String, List<String>> texts, Function<String, Optional<String>> commands) {
            EvalUse use = EvalUse.of(texts, text -> commands.apply(text).map(RewardCommand.NAME::equals));
            return all(List.of(calls(texts), use.unused().keySet()));
        }
    }

    /** Keys of calls that have no effect where a teacher is asked in words with a teacher_mode only. */
    private static Collection<String> calls(Function<String, List<String>> texts) {
        return CallKeys.of(texts, !texts.apply("teacher_mode").isEmpty())
                .unused()
                .keySet();
    }

    /** The key of steps of sampling where answers are recorded and none are sampled. */
    private static Collection<String> steps(Function<String, List<String>> texts) {
        boolean sampled = texts.apply("rollouts").isEmpty()
                || !texts.apply("eval_data").isEmpty()
                || texts.apply("algorithm").equals(List.of(KeyName.of(PolicyAlgorithm.REMAX)));
        return sampled ? List.of() : List.of("rollout_dtype");
    }

    /** Keys of how rewards are read where no reward model scores. */
    private static Collection<String> reading(Function<String, List<String>> texts) {
        return ReadingKeys.unused(!texts.apply("reward_model").isEmpty()).keySet();
    }

    /** Keys of GRPO and of RLOO with other algorithms, and of a KL to a reference where there is none, or one place for it. */
    private static Collection<String> policy(Function<String, List<String>> texts) {
        PolicyAlgorithm algorithm = UnusedKeys.written(PolicyAlgorithm.RLOO, texts.apply("algorithm"));
        List<String> unused = new ArrayList<>();
        if (algorithm != PolicyAlgorithm.GRPO) {
            unused.add("scale_rewards");
        }
        if (algorithm != PolicyAlgorithm.RLOO) {
            unused.add("normalize_advantages");
        }
        List<String> beta = texts.apply("beta");
        double usual = PolicySettings.builder(algorithm).build().beta();
        if (beta.isEmpty() ? usual == 0 : !UnusedKeys.isAboveZero(beta)) {
            unused.addAll(List.of("kl_estimator", "kl_placement", "use_bias_correction_kl"));
        } else if (algorithm == PolicyAlgorithm.OPD) {
            unused.add("kl_placement"); // in the loss by default, and nowhere else
        }
        return unused;
    }

    /** Options of a learning rate's schedule that takes none. */
    private static Collection<String> schedule(Function<String, List<String>> texts) {
        List<String> written = texts.apply("lr_scheduler_type");
        boolean takes = Arrays.stream(LrSchedulerType.values())
                .anyMatch(
                        type -> written.contains(type.key()) && !type.options().isEmpty());
        return takes ? List.of() : List.of("lr_scheduler_kwargs");
    }

    private static Collection<String> all(List<Collection<String>> some) {
        return some.stream().flatMap(Collection::stream).toList();
    }

    private static <C extends Record> StageKind<C> of(Command<C> command, boolean makesModel, String... files) {
        return new StageKind<>(command.name(), command.configuration(), command::run, makesModel, List.of(files));
    }

    private static <C extends Record> StageKind<C> of(
            Command<C> command, boolean makesModel, List<String> files, StageKind.Unused unused) {
        return new StageKind<>(command.name(), command.configuration(), command::run, makesModel, files, unused);
    }
}
