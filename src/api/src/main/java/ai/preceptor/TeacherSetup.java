package ai.preceptor;

import ai.preceptor.distill.DistillationPass;
import ai.preceptor.distill.DistributionSource;
import ai.preceptor.distill.EmaTeacher;
import ai.preceptor.distill.MeasuredPass;
import ai.preceptor.distill.ModelTeacher;
import ai.preceptor.distill.OnlineTeacher;
import ai.preceptor.distill.SelectedTeachers;
import ai.preceptor.distill.TeacherRole;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.distill.TopTokenPasses;
import ai.preceptor.distill.cache.TeacherCache;
import ai.preceptor.distill.cache.TeacherKey;
import ai.preceptor.distill.hidden.HiddenLoss;
import ai.preceptor.distill.hidden.HiddenMatch;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.run.TeacherModels;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Pass;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.Trainable;
import ai.preceptor.train.model.OptimizedModel;
import ai.preceptor.train.run.Stateful;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A teacher in its role: the source of its distributions, and what the loop must also train, save and report. */
final class TeacherSetup implements AutoCloseable {
    private final List<AutoCloseable> owned = new ArrayList<>();
    private final Distillation run;
    private final LoadedModel student;
    private final DistillOptions options;
    private final HiddenMatch hidden;
    private final List<DistributionSource> sources = new ArrayList<>();
    private Trainable learning;
    private boolean taught;
    private LoopSetting setting;

    private TeacherSetup(Distillation run, Trainable trained, HiddenMatch hidden) {
        this.run = run;
        this.student = run.student();
        this.options = run.options();
        this.hidden = hidden;
        this.learning = trained;
        this.setting = listening(run.setting(), hidden);
    }

    /**
     * Opens what the role needs.
     *
     * @param trained the student with its optimizer
     * @param rows all rows that distributions will be asked for, where they are known
     * @param served those of a teacher elsewhere; null for none. Closed by somebody else
     */
    static TeacherSetup open(Distillation run, Trainable trained, List<TokenRow> rows, @Nullable TeacherCache served) {
        TeacherSetup side = new TeacherSetup(run, trained, match(run));
        try {
            if (served == null) {
                side.take(run.options().role(), run.teachers(), rows);
            } else {
                side.sources.add(served);
            }
            return side;
        } catch (RuntimeException e) {
            side.close();
            throw e;
        }
    }

    private static HiddenMatch match(Distillation run) {
        HiddenLoss loss = run.options().loss().hidden();
        if (loss == null) {
            return HiddenMatch.NONE;
        }
        DecoderConfig mine = run.student().model().config();
        DecoderConfig theirs = DecoderConfig.read(run.teachers().get(0));
        return HiddenMatch.of(
                loss.resolve(mine.layers(), theirs.layers()),
                mine.hiddenSize(),
                theirs.hiddenSize(),
                run.config().seed());
    }

    /** The same environment with a listener that is called first and is saved in checkpoints. */
    private static <T extends TrainListener & Stateful> LoopSetting listening(LoopSetting given, T listener) {
        return given.with(listener).hearingFirst(listener);
    }

    private void take(TeacherRole role, List<Path> teachers, List<TokenRow> rows) {
        LoadOptions frozen = new LoadOptions(student.model().parameters().precision(), false);
        if (role instanceof TeacherRole.Slow slow) {
            sources.add(slow.decay() == 0 ? new ModelTeacher(student.model(), 0) : follower(slow));
        } else if (role instanceof TeacherRole.Learning learner) {
            Path teacher = teachers.get(0);
            LoadedModel other = own(open(teacher, new LoadOptions(frozen.precision(), true)));
            OptimizedModel optimized = own(OptimizedModel.of(other.model(), new ModelFiles(teacher), run.config()));
            sources.add(new ModelTeacher(other.model(), 0));
            learning = new OnlineTeacher(measure(), learning, optimized, learner.rateFactor());
            taught = true;
        } else {
            for (int i = 0; i < teachers.size(); i++) {
                sources.add(
                        role instanceof TeacherRole.Cached cached
                                ? own(cache(cached, i, rows, frozen))
                                : new ModelTeacher(
                                        own(open(teachers.get(i), frozen)).model(), i));
            }
        }
    }

    private EmaTeacher follower(TeacherRole.Slow slow) {
        // a slow average needs float32, which in bfloat16 only a model that could be trained has
        LoadedModel old = own(student.twin());
        EmaTeacher follower = new EmaTeacher(old.model(), student.model(), slow.decay());
        setting = listening(setting, follower);
        return follower;
    }

    /**
     * The distributions of a teacher elsewhere, which is asked for those that are not kept in a file yet.
     *
     * @param rows all rows that distributions will be asked for
     */
    static TeacherCache served(TeacherRole.Served served, LoadedModel student, List<TokenRow> rows) {
        List<TokenRow> seen = rows.stream().map(row -> row.seenBy(0)).toList();
        String key = TeacherKey.of(served.teacher(), seen);
        int vocabulary = student.model().config().vocabSize();
        TeacherCache.Shape shape = new TeacherCache.Shape(key, Math.min(served.k(), vocabulary), vocabulary);
        Path file = served.directory().resolve("teacher-" + key + "-top" + shape.k() + ".bin");
        TeacherCache.Use use = new TeacherCache.Use(student.model(), TeacherDistributions.Tail.BUCKET);
        if (TeacherCache.holds(file, shape)) {
            TeacherCache kept = TeacherCache.open(file, shape, rows, use);
            if (!served.again() || rows.stream().allMatch(kept::holds)) {
                return kept;
            }
            kept.close();
        }
        served.teacher().check(shape.k());
        TeacherCache.write(file, shape, seen, served.teacher());
        return TeacherCache.open(file, shape, rows, use);
    }

    private TeacherCache cache(TeacherRole.Cached cached, int index, List<TokenRow> rows, LoadOptions frozen) {
        Path teacher = run.teachers().get(index);
        double temperature = options.loss().temperature();
        List<TokenRow> own = rows.stream()
                .filter(row -> !options.mix().isSelected() || row.view().teacher() == index)
                .toList();
        List<TokenRow> seen = own.stream().map(row -> row.seenBy(index)).toList();
        String key = TeacherKey.of(teacher, frozen.precision().name(), seen, temperature);
        int vocabulary = student.model().config().vocabSize();
        TeacherCache.Shape shape = new TeacherCache.Shape(key, Math.min(cached.k(), vocabulary), vocabulary);
        Path file = cached.directory().resolve("teacher-" + key + "-top" + shape.k() + ".bin");
        TopTokenPasses passes = cached.passes();
        if (TeacherCache.holds(file, shape)) {
            return TeacherCache.open(file, shape, own, new TeacherCache.Use(student.model(), cached.tail()));
        }
        if (passes != null) {
            TeacherCache.write(file, shape, seen, temperature, passes);
        } else {
            try (LoadedModel other = open(teacher, frozen)) {
                TeacherCache.write(file, shape, seen, batch -> other.model().topTokens(batch, shape.k(), temperature));
            }
        }
        return TeacherCache.open(file, shape, own, new TeacherCache.Use(student.model(), cached.tail()));
    }

    private LoadedModel open(Path teacher, LoadOptions how) {
        return options.loss().allowsOtherVocabulary()
                ? student.anotherLike(teacher, how)
                : TeacherModels.load(
                        student,
                        teacher,
                        how,
                        "teacher",
                        ". Learn from the teacher's answers" + DistillOptions.INSTEAD);
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
    MeasuredPass measure() {
        return options.mix().isSelected()
                ? new SelectedTeachers(sources.stream().map(this::pass).toList())
                : pass(options.mix().of(sources));
    }

    private DistillationPass pass(DistributionSource source) {
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
