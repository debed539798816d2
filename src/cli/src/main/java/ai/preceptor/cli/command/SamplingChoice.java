package ai.preceptor.cli.command;

import ai.preceptor.Student;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.engine.timing.DecodeChoice;
import ai.preceptor.lm.engine.timing.DecodeChooser;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What computes the steps of a command's sampling: as the keys say or, with {@code rollout_dtype=auto}, chosen once after a model is
 * loaded, for all models that sample. A run directory keeps the choice in {@code rollout.json}, from which a resumed run takes it.
 */
public final class SamplingChoice {
    /** Of {@code distill seq_kd=true}: what the teacher sampled before training. */
    public static final String TEACHER_ANSWERS = "teacher-answers.jsonl";

    private static final String FILE = "rollout.json";

    private final DecodeSettings asked;
    private final Terminal terminal;
    private final @Nullable Path file;
    private final List<Path> models;
    private @Nullable DecodeChoice chosen;
    private boolean told;

    private SamplingChoice(DecodeSettings asked, Terminal terminal, @Nullable Path file, List<Path> models) {
        this.asked = asked;
        this.terminal = terminal;
        this.file = file;
        this.models = models;
        this.chosen = file != null && Files.exists(file) ? ChoiceRecord.read(file) : null;
    }

    /** Of a command without a run directory, for one model. */
    public static SamplingChoice of(DecodeSettings asked, Terminal terminal) {
        return new SamplingChoice(asked, terminal, null, List.of());
    }

    /**
     * Of a command with one. The record of another run, or of one that chose by another key, is removed.
     *
     * @param resume whether an earlier process's choice counts
     * @param models all that sample in the run, loaded with equal options
     * @throws ConfigurationException if it counts and this machine cannot compute steps so, or is missing
     */
    public static SamplingChoice of(DecodeSettings asked, StageRun run, boolean resume, List<Path> models) {
        Path file = run.path(FILE);
        if (!asked.isAuto() || !resume) {
            remove(file);
        } else if (!Files.exists(file)) {
            requireNothingSampled(file, run);
        }
        SamplingChoice choice = new SamplingChoice(
                asked, run.terminal(), file, models.stream().distinct().toList());
        DecodeChoice known = choice.chosen;
        if (known != null) {
            choice.refuse(known, Optional.ofNullable(known.decode().whyNot()));
        }
        return choice;
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new OutputException(file, "cannot be removed: " + e.getMessage(), e);
        }
    }

    /** Answers that are kept were sampled by what the missing file said. */
    private static void requireNothingSampled(Path file, StageRun run) {
        Optional<Path> sampled =
                run.checkpoint().or(() -> Optional.of(run.path(TEACHER_ANSWERS)).filter(Files::exists));
        sampled.ifPresent(kept -> {
            throw new ConfigurationException("rollout_dtype: expected " + file
                    + ", which says what auto was when the run began, next to " + kept
                    + ", found none; restore it or choose another output");
        });
    }

    /** Refuses to go on where what was chosen is impossible. */
    private void refuse(DecodeChoice known, Optional<String> whyNot) {
        whyNot.ifPresent(why -> {
            throw new ConfigurationException(
                    "rollout_dtype: auto was " + known.decode().value() + " when the run began (" + file
                            + "), which is not possible here, because " + why);
        });
    }

    /**
     * A student that samples so. Where it is not chosen yet, it is chosen, told and recorded.
     *
     * @param rows that a step of the command may have
     * @param loading loads it
     * @throws ConfigurationException if an earlier process's choice is not possible with one of the models here
     */
    public Student student(long rows, Supplier<Student> loading) {
        Student student = loading.get();
        try {
            return student.with(asked.isAuto() ? choice(student, rows).decode() : asked);
        } catch (RuntimeException | Error e) {
            student.close();
            throw e;
        }
    }

    /**
     * Chooses, if that is to be done and is not done yet, with a model that is loaded for nothing else: where the names of answers that an
     * earlier process kept depend on the choice.
     *
     * @param rows as above
     * @param torch the device of all models
     * @param loading as above
     * @throws ConfigurationException as above
     */
    public void choose(long rows, Torch torch, Supplier<Student> loading) {
        DecodeChoice known = chosen;
        if (known != null) {
            goOn(known, torch);
        } else if (asked.isAuto()) {
            student(rows, loading).close();
        }
    }

    /** Takes an earlier process's choice. */
    private void goOn(DecodeChoice known, Torch torch) {
        if (!told) {
            if (!known.decode().equals(DecodeSettings.TENSORS)) {
                refuse(known, whyNot(torch, known.decode()));
            }
            terminal.err().println("rollout_dtype: " + known.decode().value() + ", as the run began");
            told = true;
        }
    }

    private DecodeChoice choice(Student student, long rows) {
        Torch torch = student.model().parameters().torch();
        DecodeChoice known = chosen;
        if (known != null) {
            goOn(known, torch);
            return known;
        }
        DecodeChoice made = whyNot(torch, DecodeChooser.candidate(student.model()))
                .map(why -> new DecodeChoice(DecodeSettings.TENSORS, null, why))
                .orElseGet(() -> DecodeChooser.of(student.model()).choose((int)
                        Math.max(1, Math.min(GenerationLimits.DEFAULT.maxRows(), rows))));
        if (file != null) {
            AtomicFiles.writeString(file, ChoiceRecord.text(made));
        }
        terminal.err().println(made.line());
        told = true;
        chosen = made;
        return made;
    }

    /** Why Java cannot compute steps of all models, in words; empty if it can. They need not be loaded. */
    private Optional<String> whyNot(Torch torch, DecodeSettings java) {
        return Optional.ofNullable(java.whyNot())
                .or(() -> models.stream()
                        .flatMap(model -> DecodeChooser.whyNot(
                                DecoderConfig.read(ModelSource.of(model).base()), torch.device(), java)
                                .map(why -> models.size() == 1 ? why : why + " (" + model + ")")
                                .stream())
                        .findFirst());
    }

    /**
     * What it is.
     *
     * @throws IllegalStateException if it is chosen after a model is loaded, and none was
     */
    public DecodeSettings settings() {
        if (!asked.isAuto()) {
            return asked;
        }
        if (chosen == null) {
            throw new IllegalStateException("rollout_dtype: no model was loaded yet");
        }
        return chosen.decode();
    }

    /** What {@code summary.json} says of it: the choice, if there was one. */
    public Map<String, Object> row() {
        return chosen == null ? Map.of() : Map.of("rollout", ChoiceRecord.row(chosen));
    }
}
