package ai.preceptor;

import ai.preceptor.distill.DistillationPass;
import ai.preceptor.distill.DistributionSource;
import ai.preceptor.distill.EmaTeacher;
import ai.preceptor.distill.OnlineTeacher;
import ai.preceptor.distill.TeacherCache;
import ai.preceptor.distill.TeacherKey;
import ai.preceptor.distill.TeacherRole;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.distill.hidden.HiddenLoss;
import ai.preceptor.distill.hidden.HiddenMatch;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.run.TeacherModels;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Pass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.Trainable;
import ai.preceptor.train.model.OptimizedModel;
import ai.preceptor.train.run.Stateful;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A teacher in its role: the source of its distributions, and what the loop must also train, save and report. */
final class TeacherSetup implements AutoCloseable {
    private final List<AutoCloseable> owned = new ArrayList<>();
    private final LoadedModel student;
    private final DistillOptions options;
    private final TrainConfig config;
    private final HiddenMatch hidden;
    private DistributionSource source = (rows, batch, layers) -> {
        throw new IllegalStateException("no teacher");
    };
    private Trainable learning;
    private boolean taught;
    private LoopSetting setting;

    private TeacherSetup(
            LoadedModel student,
            DistillOptions options,
            Trainable trained,
            TrainConfig config,
            LoopSetting setting,
            HiddenMatch hidden) {
        this.hidden = hidden;
        this.student = student;
        this.options = options;
        this.learning = trained;
        this.config = config;
        this.setting = setting;
    }

    /**
     * Opens what the role needs.
     *
     * @param trained the student with its optimizer
     * @param rows all rows that distributions will be asked for, where they are known
     */
    static TeacherSetup open(
            LoadedModel student,
            Path teacher,
            DistillOptions options,
            Trainable trained,
            List<TokenRow> rows,
            TrainConfig config,
            LoopSetting setting) {
        HiddenMatch hidden = match(student, teacher, options, config);
        TeacherSetup side =
                new TeacherSetup(student, options, trained, config, listening(setting, hidden, hidden), hidden);
        try {
            side.take(options.role(), teacher, rows);
            return side;
        } catch (RuntimeException e) {
            side.close();
            throw e;
        }
    }

    private static HiddenMatch match(LoadedModel student, Path teacher, DistillOptions options, TrainConfig config) {
        HiddenLoss loss = options.loss().hidden();
        if (loss == null) {
            return HiddenMatch.NONE;
        }
        DecoderConfig mine = student.model().config();
        DecoderConfig theirs = DecoderConfig.read(teacher);
        return HiddenMatch.of(
                loss.resolve(mine.layers(), theirs.layers()), mine.hiddenSize(), theirs.hiddenSize(), config.seed());
    }

    /** The same environment with a listener that is called first and is saved in checkpoints. */
    private static LoopSetting listening(LoopSetting given, TrainListener listener, Stateful state) {
        LoopSetting with = given.with(state);
        TrainListener both = TrainListener.all(List.of(listener, given.listener()));
        return new LoopSetting(with.store(), with.interrupt(), both, with.state(), with.nanoClock());
    }

    private void take(TeacherRole role, Path teacher, List<TokenRow> rows) {
        LoadOptions frozen = new LoadOptions(student.model().parameters().precision(), false);
        if (role instanceof TeacherRole.Cached cached) {
            source = own(cache(cached, teacher, rows, frozen));
        } else if (role instanceof TeacherRole.Slow slow) {
            // a slow average needs float32, which in bfloat16 only a model that could be trained has
            LoadedModel old = own(student.twin());
            EmaTeacher follower = new EmaTeacher(old.model(), student.model(), slow.decay());
            source = follower;
            setting = listening(setting, follower, follower);
        } else if (role instanceof TeacherRole.Learning learner) {
            LoadedModel other = own(open(teacher, new LoadOptions(frozen.precision(), true)));
            OptimizedModel optimized = own(OptimizedModel.of(other.model(), new ModelFiles(teacher), config));
            source = (some, batch, layers) -> other.model().teach(batch, layers);
            Pass<TokenRow> alone = new DistillationPass(student.model(), source, options.loss(), hidden);
            learning = new OnlineTeacher(alone, learning, optimized, learner.rateFactor());
            taught = true;
        } else {
            LoadedModel other = own(open(teacher, frozen));
            source = (some, batch, layers) -> other.model().teach(batch, layers);
        }
    }

    private TeacherCache cache(TeacherRole.Cached cached, Path teacher, List<TokenRow> rows, LoadOptions frozen) {
        double temperature = options.loss().temperature();
        String key = TeacherKey.of(teacher, frozen.precision().name(), rows, temperature);
        int vocabulary = student.model().config().vocabSize();
        TeacherCache.Shape shape = new TeacherCache.Shape(key, Math.min(cached.k(), vocabulary), vocabulary);
        Path file = cached.directory().resolve("teacher-" + key + "-top" + shape.k() + ".bin");
        if (!TeacherCache.holds(file, shape)) {
            try (LoadedModel other = open(teacher, frozen)) {
                TeacherCache.write(file, shape, rows, batch -> other.model().topTokens(batch, shape.k(), temperature));
            }
        }
        return TeacherCache.open(file, shape, rows, new TeacherCache.Use(student.model(), cached.tail()));
    }

    private LoadedModel open(Path teacher, LoadOptions how) {
        return TeacherModels.load(
                student,
                teacher,
                how,
                "teacher",
                ". Learn from the teacher's answers instead: seq_kd=true loss_type=sft");
    }

    private <T extends AutoCloseable> T own(T resource) {
        owned.add(resource);
        return resource;
    }

    /** What a micro-batch goes through. */
    Pass<TokenRow> pass() {
        return taught && learning instanceof OnlineTeacher both ? both : measure();
    }

    /** The student's part of it alone, which can also measure. */
    DistillationPass measure() {
        return new DistillationPass(student.model(), source, options.loss(), hidden);
    }

    /** What an optimizer step changes. */
    Trainable trained() {
        return learning;
    }

    /** The loop's surroundings, with what the teacher adds to them. */
    LoopSetting setting() {
        return setting;
    }

    @Override
    public void close() {
        RuntimeException first = null;
        for (int i = owned.size() - 1; i >= 0; i--) {
            try {
                owned.get(i).close();
            } catch (RuntimeException failed) {
                first = first == null ? failed : first;
            } catch (Exception failed) {
                first = first == null ? new IllegalStateException(failed) : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
