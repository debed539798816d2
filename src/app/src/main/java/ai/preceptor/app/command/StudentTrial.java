package ai.preceptor.app.command;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.TeacherArbiter;
import ai.preceptor.app.keys.EvalConfig;
import ai.preceptor.app.report.SampleRow;
import ai.preceptor.app.report.SampleRow.MethodAnswer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.eval.AnswerSet;
import ai.preceptor.eval.EvalReport;
import ai.preceptor.eval.Evaluation;
import ai.preceptor.eval.KlMeter;
import ai.preceptor.teacher.ScorerJudge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A student and, where there is one, the baseline it is measured against, answering the same prompts.
 *
 * @param reports the baseline's first, if there is one
 * @param samples a few prompts with what each answered
 */
record StudentTrial(List<EvalReport> reports, List<SampleRow> samples) {
    private static final int SAMPLES = 4;

    static StudentTrial of(EvalConfig keys, Preceptor preceptor, List<Prompt> prompts) {
        try (Student student =
                        preceptor.student(keys.student().model(), keys.student().frozen());
                Student baseline = keys.baseline() == null
                        ? null
                        : preceptor.student(keys.baseline(), keys.student().frozen());
                Scorer teacher = scorer(keys, keys.teacher(), preceptor);
                Scorer reward = scorer(keys, keys.rewardModel(), preceptor)) {
            AnswerSet answers = answer(keys, student, prompts);
            if (baseline == null) {
                Evaluation alone = new Evaluation(answers, null, reward, null, null);
                return new StudentTrial(List.of(alone.measureBaseline("model", null)), samples(answers, null));
            }
            AnswerSet before = answer(keys, baseline, prompts);
            Evaluation evaluation = new Evaluation(
                    before,
                    teacher == null ? null : new TeacherArbiter(new ScorerJudge(teacher)),
                    reward,
                    null,
                    keys.sampling().isUnfiltered()
                            ? new KlMeter(student.encoder(), baseline.sequenceLogprobs())
                            : null);
            List<EvalReport> reports = List.of(
                    evaluation.measureBaseline("baseline", null),
                    evaluation.measure("model", answers, student.sequenceLogprobs(), null));
            return new StudentTrial(reports, samples(answers, before));
        }
    }

    private static @Nullable Scorer scorer(EvalConfig keys, @Nullable Path directory, Preceptor preceptor) {
        return directory == null
                ? null
                : preceptor.scorer(directory, keys.student().frozen());
    }

    private static AnswerSet answer(EvalConfig keys, Student student, List<Prompt> prompts) {
        return new AnswerSet(
                prompts,
                student.generate(prompts, keys.numGenerations(), keys.sampling().options(keys.seed())));
    }

    private static List<SampleRow> samples(AnswerSet after, @Nullable AnswerSet before) {
        List<SampleRow> rows = new ArrayList<>();
        for (int i = 0; i < Math.min(SAMPLES, after.prompts().size()); i++) {
            List<MethodAnswer> answers = new ArrayList<>();
            if (before != null) {
                answers.add(new MethodAnswer("baseline", text(before, i)));
            }
            answers.add(new MethodAnswer("model", text(after, i)));
            rows.add(new SampleRow(after.prompts().get(i).text().asString(), answers));
        }
        return rows;
    }

    private static String text(AnswerSet answers, int prompt) {
        return answers.completions().get(prompt).get(0).text();
    }
}
