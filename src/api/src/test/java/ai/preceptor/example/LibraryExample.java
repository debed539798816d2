package ai.preceptor.example;

import ai.preceptor.PolicyOptions;
import ai.preceptor.Preceptor;
import ai.preceptor.RewardModel;
import ai.preceptor.Student;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.evaluation.Judges;
import ai.preceptor.evaluation.MethodMeasures;
import ai.preceptor.evaluation.StudentEvaluation;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.reward.BradleyTerryLoss;
import ai.preceptor.teacher.ScorerJudge;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The README's examples. {@link LibraryExampleTest} runs them and holds the README to them. */
final class LibraryExample {
    private LibraryExample() {}

    static void distil(Path model, Path pairsFile, Path output, TrainConfig config, PolicyOptions rloo) {
        // example: begin
        try (Preceptor preceptor = Preceptor.open();
                Student student = preceptor.student(model);
                RewardModel reward = preceptor.rewardModel(model)) {
            List<Preference> pairs =
                    Datasets.preferences(pairsFile, 0, OnBadRow.FAIL).rows();
            reward.train(pairs, new BradleyTerryLoss(), config);
            List<Prompt> prompts =
                    pairs.stream().map(Preference::prompt).distinct().toList();
            student.optimize(prompts, reward, rloo, config);
            reward.save(output.resolve("reward"));
            student.save(output.resolve("student"));
        }
        // example: end
    }

    static MethodMeasures evaluate(Student before, Student after, Scorer teacher, List<Prompt> prompts) {
        // evaluation: begin
        Judges judges = new Judges(before, new ScorerJudge(teacher), null, Map.of());
        SamplingOptions sampling = SamplingOptions.unfiltered(256, 42);
        StudentEvaluation evaluation = new StudentEvaluation(prompts, 1, sampling, judges);
        MethodMeasures measures = evaluation.measure("rloo", after, null);
        // evaluation: end
        return measures;
    }
}
