package ai.preceptor.cli.command;

import ai.preceptor.Student;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.lm.engine.timing.DecodeChoice;
import ai.preceptor.lm.engine.timing.DecodeChooser;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What computes the steps of a command's sampling: as the keys say or, with {@code rollout_dtype=auto}, chosen once after the model is
 * loaded. A run directory keeps the choice in {@code rollout.json}, from which a resumed run takes it.
 */
public final class SamplingPath {
    private static final String FILE = "rollout.json";

    private final DecodeSettings asked;
    private final Terminal terminal;
    private final @Nullable Path file;
    private @Nullable DecodeChoice chosen;
    private boolean told;

    private SamplingPath(DecodeSettings asked, Terminal terminal, @Nullable Path file, @Nullable DecodeChoice chosen) {
        this.asked = asked;
        this.terminal = terminal;
        this.file = file;
        this.chosen = chosen;
    }

    /** Of a command without a run directory. */
    public static SamplingPath of(DecodeSettings asked, Terminal terminal) {
        return new SamplingPath(asked, terminal, null, null);
    }

    /**
     * Of a command with one.
     *
     * @param resume whether an earlier process's choice counts
     * @throws ConfigurationException if it does, and this machine cannot compute steps so
     */
    public static SamplingPath of(DecodeSettings asked, StageRun run, boolean resume) {
        Path file = run.path(FILE);
        boolean recorded = asked.isAuto() && resume && Files.exists(file);
        DecodeChoice chosen = recorded ? ChoiceRecord.read(file) : null;
        String why = chosen == null ? null : chosen.decode().whyNot();
        if (chosen != null && why != null) {
            throw new ConfigurationException(
                    "rollout_dtype: auto was " + chosen.decode().value() + " when the run began (" + file
                            + "), which is not possible here, because " + why);
        }
        return new SamplingPath(asked, run.terminal(), file, chosen);
    }

    /**
     * A student that samples so. Where it is not chosen yet, it is chosen, told and recorded.
     *
     * @param rows that a step of the command may have
     * @param loading loads it
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
     * @param loading as above
     */
    public void choose(long rows, Supplier<Student> loading) {
        if (asked.isAuto() && chosen == null) {
            student(rows, loading).close();
        } else if (chosen != null) {
            tell(chosen);
        }
    }

    private void tell(DecodeChoice known) {
        if (!told) {
            terminal.err().println("rollout_dtype: " + known.decode().value() + ", as the run began");
            told = true;
        }
    }

    private DecodeChoice choice(Student student, long rows) {
        DecodeChoice known = chosen;
        if (known != null) {
            tell(known);
            return known;
        }
        int most = GenerationLimits.DEFAULT.maxRows();
        DecodeChoice made = DecodeChooser.of(student.model()).choose((int) Math.max(1, Math.min(most, rows)));
        if (file != null) {
            AtomicFiles.writeString(file, ChoiceRecord.text(made));
        }
        terminal.err().println(made.line());
        told = true;
        chosen = made;
        return made;
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
