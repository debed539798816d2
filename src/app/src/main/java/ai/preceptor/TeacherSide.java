package ai.preceptor;

import ai.preceptor.distill.DistillationPass;
import ai.preceptor.distill.DistributionSource;
import ai.preceptor.distill.LearningTeacher;
import ai.preceptor.distill.SlowTeacher;
import ai.preceptor.distill.TeacherCache;
import ai.preceptor.distill.TeacherKey;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.files.ModelFiles;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Pass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.Trainable;
import ai.preceptor.train.model.OptimizedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A teacher in its role: where distributions come from, and what else the loop must train, save and tell. */
final class TeacherSide implements AutoCloseable {
    private final List<AutoCloseable> owned = new ArrayList<>();
    private final Student student;
    private final DistillOptions options;
    private final TrainConfig config;
    private DistributionSource source = (rows, batch) -> {
        throw new IllegalStateException("no teacher");
    };
    private Trainable learning;
    private boolean taught;
    private LoopSetting setting;

    private TeacherSide(
            Student student, DistillOptions options, Trainable trained, TrainConfig config, LoopSetting setting) {
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
    static TeacherSide open(
            Student student,
            Path teacher,
            DistillOptions options,
            Trainable trained,
            List<TokenRow> rows,
            TrainConfig config,
            LoopSetting setting) {
        TeacherSide side = new TeacherSide(student, options, trained, config, setting);
        try {
            side.take(options.role(), teacher, rows);
            return side;
        } catch (RuntimeException e) {
            side.close();
            throw e;
        }
    }

    private void take(TeacherRole role, Path teacher, List<TokenRow> rows) {
        LoadOptions frozen = new LoadOptions(student.model().parameters().precision(), false);
        if (role instanceof TeacherRole.Cached cached) {
            source = own(cache(cached, teacher, rows, frozen));
        } else if (role instanceof TeacherRole.Slow slow) {
            Student old = own(student.another(student.directory(), frozen));
            old.model().copyWeightsFrom(student.model());
            SlowTeacher follower = new SlowTeacher(old.model(), student.model(), slow.decay());
            source = follower;
            LoopSetting given = setting.with(follower);
            TrainListener both = TrainListener.all(List.of(follower, given.listener()));
            setting = new LoopSetting(given.store(), given.interrupt(), both, given.state(), given.nanoClock());
        } else if (role instanceof TeacherRole.Learning learner) {
            Student other = own(student.another(teacher, new LoadOptions(frozen.precision(), true)));
            OptimizedModel optimized = own(OptimizedModel.of(other.model(), new ModelFiles(teacher), config));
            source = (some, batch) -> other.model().teach(batch);
            Pass<TokenRow> alone = new DistillationPass(student.model(), source, options.loss());
            learning = new LearningTeacher(alone, learning, optimized, learner.rateFactor());
            taught = true;
        } else {
            Student other = own(student.another(teacher, frozen));
            source = (some, batch) -> other.model().teach(batch);
        }
    }

    private TeacherCache cache(TeacherRole.Cached cached, Path teacher, List<TokenRow> rows, LoadOptions frozen) {
        double temperature = options.loss().temperature();
        String key = TeacherKey.of(teacher, frozen.precision().name(), rows, temperature);
        int vocabulary = student.model().config().vocabSize();
        TeacherCache.Shape shape = new TeacherCache.Shape(key, Math.min(cached.k(), vocabulary), vocabulary);
        Path file = cached.directory().resolve("teacher-" + key + "-top" + shape.k() + ".bin");
        if (!TeacherCache.holds(file, shape)) {
            try (Student other = student.another(teacher, frozen)) {
                TeacherCache.write(file, shape, rows, batch -> other.model().topTokens(batch, shape.k(), temperature));
            }
        }
        return TeacherCache.open(file, shape, rows, new TeacherCache.Use(student.model(), cached.tail()));
    }

    private <T extends AutoCloseable> T own(T resource) {
        owned.add(resource);
        return resource;
    }

    /** What a micro-batch goes through. */
    Pass<TokenRow> pass() {
        return taught && learning instanceof LearningTeacher both ? both : measure();
    }

    /** The student's part of it alone, which can also measure. */
    DistillationPass measure() {
        return new DistillationPass(student.model(), source, options.loss());
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
