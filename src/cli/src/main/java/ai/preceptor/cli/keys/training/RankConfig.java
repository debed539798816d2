package ai.preceptor.cli.keys.training;

import ai.preceptor.RankOptions;
import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.PluginKeys;
import ai.preceptor.cli.keys.RolloutDataKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.TextKeys;
import ai.preceptor.cli.keys.UnusedKeys;
import ai.preceptor.cli.keys.known.KnownModels;
import ai.preceptor.cli.keys.known.KnownRows;
import ai.preceptor.cli.keys.learners.LearnersKeys;
import ai.preceptor.cli.keys.watch.HasTrackers;
import ai.preceptor.cli.keys.watch.WatchKeys;
import ai.preceptor.cli.plugin.OpenPart;
import ai.preceptor.cli.plugin.Part;
import ai.preceptor.cli.plugin.PartOf;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.online.OnlineOptions;
import ai.preceptor.ranking.RankLossType;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.RankingSettings;
import ai.preceptor.ranking.group.GroupLoss;
import ai.preceptor.ranking.pair.PairLoss;
import ai.preceptor.ranking.pair.PairOptions;
import ai.preceptor.ranking.unpaired.UnpairedLoss;
import ai.preceptor.tinker.TinkerSettings;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keys of {@code rank}. */
public record RankConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Adapter and memory") LoraKeys lora,
        @Group(title = "Data") RolloutDataKeys data,
        @Group(title = "Text") TextKeys text,
        @Group(title = "Held out") HeldOutKeys heldOut,
        @Group(title = "Run") OutputKeys output,
        @Group(title = "Loss") RankingSettings losses,

        @Key(help = "your own loss instead of loss_type")
        @PartOf({PairLoss.class, GroupLoss.class, UnpairedLoss.class})
        @Nullable
        Part loss,

        @Group(title = "Loss") RankReferenceKeys reference,
        @Group(title = "Online") OnlineKeys sampling,
        @Group(title = "Your own parts") PluginKeys plugins,

        @Group(
                title = "Training",
                defaults = "learning_rate=1e-6",
                defaultsIf = {
                    "learning_rate=5e-7 if online=true",
                    "eval_steps=" + PolicyEvaluationKeys.EVAL_STEPS + " if online=true"
                })
        TrainConfig training,

        @Group(title = "Trackers and meters") WatchKeys watch,
        @Group(title = "Learners") LearnersKeys learners,
        @Group(title = "Training service") TinkerSettings service,
        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, HasTrackers, TrainsStudent {
    @Override
    public void check(Checks checks) {
        TrainsStudent.super.check(checks);
        lora.checkService(service, student, learners, checks);
        if (service.isGiven()) {
            LoraKeys.refuseWithService("online", sampling.online(), checks);
            LoraKeys.refuseWithService("ref_model", reference.refModel(), checks);
            LoraKeys.refuseWithService("sync_ref_model", reference.syncRefModel(), checks);
            LoraKeys.refuseWithService("use_weighting", losses.useWeighting(), checks);
        }
        if (data.data() != null) {
            KnownRows.checkHeldOut(heldOut.evalRows(), data.data(), data.maxRows(), checks);
        }
        if (sampling.online() && data.rollouts() == null) {
            int answer = sampling.settings().sampling().maxNewTokens();
            KnownModels.checkAnswer(student.model(), "max_new_tokens", answer, training.maxLength(), checks);
        }
        checkOnline(checks);
        if (loss != null) {
            refuseOtherLosses(checks);
        } else {
            UnusedKeys.refuse(losses, new RankUse(losses.lossType(), losses.fDivergenceType()).unused(), checks);
        }
        boolean compares = loss != null || losses.lossType().stream().anyMatch(RankLossType::needsReference);
        reference.check(compares, lora.enabled() || student.hasAdapter(), checks);
    }

    private void checkOnline(Checks checks) {
        if (sampling.online()) {
            RankMethod method = loss == null ? losses.method() : null;
            sampling.check(method, String.valueOf(losses.lossType().get(0)).toLowerCase(Locale.ROOT), this, checks);
        } else {
            sampling.refuseUnlessOnline(checks);
            heldOut.checkUse(training.evaluation(), checks);
        }
        if (!sampling.online() && data.rollouts() != null) {
            checks.refuse("rollouts", "expected nothing without online=true, found " + data.rollouts());
        } else if (!sampling.online() && data.data() == null) {
            checks.refuse("data", "required but not given; expected a path");
        } else {
            data.checkOne(checks);
        }
    }

    /** Numbers of a loss that is not used would be lost in silence. */
    private void refuseOtherLosses(Checks checks) {
        Map<String, @Nullable Object> standard =
                new Resolved(Settings.of(RankingSettings.class).read()).toMap();
        new Resolved(losses).toMap().forEach((key, value) -> {
            if (!Objects.equals(value, standard.get(key))) {
                checks.refuse(
                        key,
                        "expected nothing with your own loss, which does not read it, found " + KeyName.shown(value));
            }
        });
    }

    /**
     * What is optimized.
     *
     * @param own the loss of {@code loss}; null for that of {@code loss_type}
     */
    public RankMethod method(@Nullable OpenPart own) {
        if (own == null) {
            return losses.method();
        }
        return own.as(PairLoss.class)
                .<RankMethod>map(loss -> new RankMethod.Pairs(loss, PairOptions.PLAIN))
                .or(() -> own.as(GroupLoss.class).map(RankMethod.Groups::new))
                .orElseGet(() -> new RankMethod.Unpaired(own.require(UnpairedLoss.class)));
    }

    /**
     * Refuses keys of a reference that nothing is compared with, which of your own loss is known only when it is made.
     *
     * @throws ConfigurationException naming each
     */
    public void requireReference(RankMethod method) {
        Refusals refusals = Refusals.none();
        reference.check(method.needsReference(), false, refusals);
        refusals.throwIfAny();
    }

    /** As the library takes it. */
    public RankOptions options() {
        return reference.options();
    }

    /** As the library takes it where answers are sampled. */
    public OnlineOptions onlineOptions() {
        return new OnlineOptions(sampling.settings(), sampling.rollouts(), reference.online());
    }

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
