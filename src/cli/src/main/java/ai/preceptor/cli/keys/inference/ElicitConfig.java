package ai.preceptor.cli.keys.inference;

import ai.preceptor.Preceptor;
import ai.preceptor.cli.keys.CallKeys;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.PluginKeys;
import ai.preceptor.cli.keys.RowOutputKeys;
import ai.preceptor.cli.keys.RuleKeys;
import ai.preceptor.cli.keys.TeacherPanel;
import ai.preceptor.cli.keys.UnusedKeys;
import ai.preceptor.cli.keys.cluster.StageWorkerKeys;
import ai.preceptor.cli.keys.elicit.CorrectionKeys;
import ai.preceptor.cli.keys.elicit.DemonstrationKeys;
import ai.preceptor.cli.keys.elicit.ElicitDataKeys;
import ai.preceptor.cli.keys.elicit.SelectionKeys;
import ai.preceptor.cli.keys.known.KnownModels;
import ai.preceptor.cli.keys.watch.HasMeters;
import ai.preceptor.cli.keys.watch.MeterKeys;
import ai.preceptor.cli.plugin.OwnPart;
import ai.preceptor.cli.plugin.Part;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.setting.ToldValue;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.teacher.elicit.PreferenceSelection;
import ai.preceptor.teacher.judge.JudgeSettings;
import ai.preceptor.teacher.prompts.PromptMethodName;
import ai.preceptor.teacher.prompts.PromptSettings;
import ai.preceptor.teacher.selection.AnswerSelection;
import ai.preceptor.teacher.selection.SelectionRule;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import ai.preceptor.vllm.VllmSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keys of {@code elicit}. */
public record ElicitConfig(
        @Key(
                help = "preferences: the student answers and the teacher ranks; demonstrations: the teacher "
                        + "answers; corrections: the teacher criticizes and revises answers of the student or the "
                        + "rows; prompts: the teacher writes prompts",
                defaultValue = "preferences")
        ElicitKind kind,

        @Group(title = "Student") AnsweringKeys student,
        @Group(title = "Teacher") TeacherKeys teacher,
        @Group(title = "Your own parts") PluginKeys plugins,
        @Group(title = "Data") ElicitDataKeys source,
        @Group(title = "Run") OutputKeys output,
        @Group(title = "Run") RowOutputKeys rows,

        @Key(help = "continue an earlier run in output", defaultValue = "false", effect = KeyEffect.NONE)
        boolean resume,

        @Group(title = "Sampling") SamplingSettings sampling,

        @Key(
                help = "answers per prompt from each model",
                defaultText = "4 with one student, else 1",
                range = "[1, 65536]")
        @Nullable
        Integer numGenerations,

        @Key(help = "seed for sampling", defaultValue = "42")
        long seed,

        @Group(title = "Rollout servers") VllmSettings servers,
        @Group(title = "Steps of sampling") DecodeSettings decode,
        @Group(title = "Preferences") PreferenceSelection selection,
        @Group(title = "Selection") SelectionKeys choosing,
        @Group(title = "Demonstrations") DemonstrationKeys demonstrations,
        @Group(title = "Corrections") CorrectionKeys corrections,
        @Group(title = "Prompts") PromptSettings prompts,
        @Group(title = "Meters") MeterKeys meters,
        @Group(title = "Workers") StageWorkerKeys cluster,
        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, HasMeters, Checked {
    private static final int STUDENTS_ANSWERS = 4;

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }

    /** The prompts that it reads, where it needs some. */
    public DataKeys data() {
        return source.required();
    }

    private boolean needsData() {
        return kind != ElicitKind.PROMPTS || prompts.method().needsSeeds();
    }

    /** Answers to each prompt. */
    public int answers() {
        if (numGenerations != null) {
            return numGenerations;
        }
        boolean one = kind == ElicitKind.PREFERENCES && student.count() == 1 && !choosing.byRow();
        return one ? STUDENTS_ANSWERS : 1;
    }

    @Override
    public void check(Checks checks) {
        boolean rows = kind == ElicitKind.PREFERENCES && choosing.byRow();
        checkUnused(checks);
        checkWorkers(checks);
        if (servers.isGiven() && (student.model() == null || student.count() != 1)) {
            checks.refuse("rollout_url", "expected one student that answers (model), found " + student.count());
        }
        teacher.requireCount(rows ? 0 : 1, kind == ElicitKind.PREFERENCES, checks);
        boolean words = kind != ElicitKind.PREFERENCES || teacher.judging().teacherMode() != null;
        CallKeys.of(teacher.served(), words && teacher.teacher() != null)
                .check(rows ? List.of(teacher.served()) : List.of(teacher.served(), teacher.judging()), checks);
        checkSelection(checks);
        checkPrompts(checks);
        KnownModels.checkAnswers(writers(), sampling, checks);
        if (kind == ElicitKind.PREFERENCES) {
            if (student.model() == null) {
                checks.refuse("model", "expected a student that answers, with kind=preferences, found none");
            }
            boolean compared = !rows && !choosing.answers().isGiven();
            if (compared && answers() == 1 && student.count() <= 1) {
                checks.refuse("num_generations", "expected 2 or more with kind=preferences, found 1");
            }
            if (teacher.judging().givesProbabilities() && selection.probabilityTemperature() != null) {
                checks.refuse(
                        "probability_temperature",
                        "expected none with teacher_mode=probability, which says how sure it is, found "
                                + selection.probabilityTemperature());
            }
            return;
        }
        if (teacher.models() > 1) {
            checks.refuse(
                    "teacher",
                    "expected one model, which writes, with kind=" + KeyName.of(kind) + ", found " + teacher.models());
        }
        if (teacher.rule().isGiven()) {
            checks.refuse("rule", "expected teacher or teacher_url with kind=" + KeyName.of(kind) + ", found a rule");
        }
        if (kind == ElicitKind.DEMONSTRATIONS) {
            checkDemonstrations(checks);
        }
    }

    private void checkWorkers(Checks checks) {
        boolean students = kind == ElicitKind.PREFERENCES || kind == ElicitKind.CORRECTIONS;
        cluster.refuse(
                "kind",
                students ? null : KeyName.of(kind),
                "workers answer as the student, which it has none of",
                checks);
        if (students && cluster.isGiven() && student.count() != 1) {
            checks.refuse("model", "expected one with cluster, which workers have, found " + student.count());
        }
        cluster.refuse("rollout_url", servers.isGiven() ? servers.rolloutUrl() : null, "servers sample", checks);
        cluster.refuseAuto(decode, checks);
    }

    /** Whether workers, if there are some, score too: who is asked in words is asked by this process, which keeps the ledger. */
    public boolean workersScore() {
        return kind == ElicitKind.PREFERENCES && !choosing.byRow() && !teacher.isAsked();
    }

    /** The models on this machine whose answers have {@code max_new_tokens}. */
    private List<Path> writers() {
        boolean students = (kind == ElicitKind.PREFERENCES && !choosing.byRow()) || kind == ElicitKind.CORRECTIONS;
        List<Path> models = students ? student.model() : teacher.teacher();
        return models == null || choosing.byRow() ? List.of() : models;
    }

    /** Refuses what has no effect. */
    private void checkUnused(Checks checks) {
        Map<String, String> unused = new ElicitUse(
                        kind, prompts.method(), choosing.byRow(), student.model() != null, teacher.teacher() != null)
                .unused();
        List<Record> groups = List.of(
                student, teacher.judging(), source, sampling, decode, selection, demonstrations, corrections, prompts);
        groups.forEach(group -> UnusedKeys.refuse(group, unused, checks));
        if (numGenerations != null) {
            UnusedKeys.refuse("num_generations", numGenerations, unused, checks);
        }
    }

    private void checkDemonstrations(Checks checks) {
        if (teacher.served().isGiven() && !sampling.isTemperatureOnly()) {
            checks.refuse(
                    "teacher_url",
                    "expected no sampling keys but temperature and max_new_tokens, the only ones that a served"
                            + " teacher has, found others");
        }
    }

    private void checkSelection(Checks checks) {
        AnswerSelection answers = choosing.answers();
        boolean preferences = kind == ElicitKind.PREFERENCES;
        if (choosing.byRow() && !preferences) {
            checks.refuse("chosen", "expected score with kind=" + KeyName.of(kind) + ", found row");
        }
        if (answers.isGiven() && (!preferences || choosing.byRow())) {
            checks.refuse(
                    "select",
                    "expected nothing where no teacher scores a student's answers, found "
                            + KeyName.shown(answers.select()));
        }
        boolean unselected = kind != ElicitKind.DEMONSTRATIONS && !answers.isGiven();
        if (unselected && answers.maxPerPrompt() != null) {
            checks.refuse("max_per_prompt", "expected nothing without select, found " + answers.maxPerPrompt());
        }
        if (unselected && !choosing.byRow() && answers.dropUnfinished()) {
            checks.refuse("drop_unfinished", "expected false without select or chosen=row, found true");
        }
        if (answers.select() == SelectionRule.VERIFIED && !teacher.rule().isGiven()) {
            checks.refuse("select", "expected a rule that verifies, with select=verified, found none");
        }
        if ((choosing.hintRetry() || choosing.byRow()) && student.count() > 1) {
            checks.refuse(
                    "model",
                    "expected one with " + (choosing.byRow() ? "chosen=row" : "hint_retry") + ", found "
                            + student.count());
        }
    }

    private void checkPrompts(Checks checks) {
        if (needsData() && source.data() == null) {
            checks.refuse("data", "required but not given; expected an existing file");
        }
        if (kind != ElicitKind.PROMPTS) {
            return;
        }
        PromptMethodName method = prompts.method();
        if (!needsData() && source.data() != null) {
            checks.refuse("data", "expected none with method=" + KeyName.of(method) + ", found " + source.data());
        }
        if ((method == PromptMethodName.META) != (prompts.attributes() != null)) {
            checks.refuse(
                    "attributes",
                    "expected a file with method=meta and none with others, found "
                            + (prompts.attributes() == null ? "none" : prompts.attributes()));
        }
        if (method != PromptMethodName.EVOLVE && prompts.numPrompts() == null) {
            checks.refuse(
                    "num_prompts",
                    "expected an integer in [1, inf) with method=" + KeyName.of(method) + ", found none");
        }
        if (method == PromptMethodName.MAGPIE && teacher.served().isGiven()) {
            checks.refuse(
                    "teacher_url",
                    "expected a teacher on this machine with method=magpie, whose chat template it continues, found "
                            + ToldValue.of("teacher_url", teacher.served().teacherUrl()));
        }
        if (method != PromptMethodName.MAGPIE && !sampling.isTemperatureOnly()) {
            checks.refuse(
                    "method",
                    "expected magpie with sampling keys other than temperature and max_new_tokens, found "
                            + KeyName.of(method));
        }
    }

    /** Who prefers: one of these, or nobody. */
    public record TeacherKeys(
            @Key(
                    help = "teacher: a reward model, or a language model that scores by likelihood or, with "
                            + "teacher_mode, in words; several of the latter are averaged",
                    path = PathKind.MODEL)
            @Nullable
            List<Path> teacher,

            @Group(title = "Teacher") RuleKeys rule,

            @Group(title = "Teacher that judges in words") JudgeSettings judging,
            @Group(title = "Served teacher") ServedTeacherSettings served) {
        /**
         * Refuses another number of teachers than this.
         *
         * @param scores whether a rule may be one; where it may not, one that is given is refused for itself
         */
        void requireCount(int expected, boolean scores, Checks checks) {
            long given = Stream.of(teacher, rule.rule(), served.teacherUrl())
                    .filter(Objects::nonNull)
                    .count();
            boolean panel = teacher != null && served.isGiven() && !rule.isGiven() && judging.teacherMode() != null;
            boolean refused = !scores && rule.isGiven();
            if (given != expected && !(panel && expected == 1) && !refused) {
                checks.refuse(
                        "teacher",
                        "expected " + (expected == 0 ? "none, with chosen=row," : "exactly one")
                                + (scores
                                        ? " of teacher, teacher_url and rule, found "
                                        : " of teacher and teacher_url, found ")
                                + given
                                + (teacher != null && served.isGiven()
                                        ? "; both judge together with a teacher_mode"
                                        : ""));
            }
            TeacherPanel.check(teacher, served, judging, checks);
        }

        /** Whether it judges in words. */
        public boolean isAsked() {
            return served.isGiven() || (teacher != null && judging.teacherMode() != null);
        }

        /** Opens it; not one that judges in words. */
        public Scorer open(Preceptor preceptor, LoadOptions options) {
            if (rule.isGiven()) {
                return rule.open();
            }
            return preceptor.scorer(one(), options);
        }

        /** How many models it has. */
        int models() {
            return (teacher == null ? 0 : teacher.size()) + served.models().size();
        }

        /** The only local one. */
        public Path one() {
            return TeacherPanel.one(teacher);
        }

        /** What it is called where its scores are kept. */
        public String label() {
            if (isAsked()) {
                return Stream.of(
                                served.isGiven() ? served.label() : "",
                                teacher == null ? "" : TeacherPanel.label(teacher),
                                judging.label())
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining(", "));
            }
            Part own = rule.rule();
            if (own == null) {
                return TeacherPanel.label(Objects.requireNonNull(teacher, "checked"));
            }
            return "rule:" + (own instanceof OwnPart part ? part.origin() : own.written());
        }
    }
}
