package ai.preceptor.teacher.judge;

import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Text;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.JudgeContract;
import ai.preceptor.teacher.ScorerContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** The gradings, scorers and judges of this package against their contracts. */
class JudgingContractsTest {
    @Nested
    class OneGrade extends GradingContract {
        @Override
        protected Grading grading() {
            return new Grades();
        }

        @Override
        protected String reply() {
            return "Score: 7";
        }
    }

    @Nested
    class Aspects extends GradingContract {
        @Override
        protected Grading grading() {
            return new AspectGrades();
        }

        @Override
        protected String reply() {
            return "helpfulness: 5\nhonesty: 4\ninstruction following: 3\ntruthfulness: 2";
        }
    }

    @Nested
    class Rubrics extends GradingContract {
        @Override
        protected Grading grading() {
            return new RubricGrades();
        }

        @Override
        protected String reply() {
            return "1: met\n2: not met";
        }

        @Override
        protected Prompt prompt() {
            return new Prompt(
                    Text.chat(Message.user("Name a bird.")),
                    Map.of(
                            "rubrics",
                            List.of(
                                    Map.of("criterion", "Names a bird.", "points", 2),
                                    Map.of("criterion", "Is rude.", "points", -1))));
        }
    }

    @Nested
    class Graded extends ScorerContract {
        @Override
        protected Scorer scorer() {
            ScriptedChat model = ScriptedChat.saying(request -> "Score: "
                    + (1 + Math.floorMod(ScriptedChat.question(request).hashCode(), 10)));
            return JudgeSettings.of(TeacherMode.SCORE).scorer(model, 0);
        }
    }

    @Nested
    class YesOrNo extends ScorerContract {
        @Override
        protected Scorer scorer() {
            ScriptedChat model = ScriptedChat.reading(request ->
                    new double[] {-Math.floorMod(ScriptedChat.question(request).hashCode(), 5), -2});
            return JudgeSettings.of(TeacherMode.YES_NO).scorer(model, 0);
        }
    }

    private static double share(String question) {
        return question.indexOf("owl") < question.indexOf("a wren") ? 0.9 : 0.4;
    }

    @Nested
    class Probability extends JudgeContract {
        @Override
        protected Judge judge() {
            ScriptedChat model = ScriptedChat.reading(request -> {
                double p = share(ScriptedChat.question(request));
                return new double[] {Math.log(p), Math.log(1 - p)};
            });
            return JudgeSettings.of(TeacherMode.PROBABILITY).judge(model, 0);
        }
    }

    @Nested
    class Compared extends JudgeContract {
        @Override
        protected Judge judge() {
            ScriptedChat model = ScriptedChat.saying(
                    request -> share(ScriptedChat.question(request)) > 0.5 ? "Verdict: A" : "Verdict: B");
            return JudgeSettings.of(TeacherMode.COMPARE).judge(model, 0);
        }
    }

    @Nested
    class Ranked extends JudgeContract {
        @Override
        protected Judge judge() {
            ScriptedChat model = ScriptedChat.saying(
                    request -> share(ScriptedChat.question(request)) > 0.5 ? "Ranking: 1 > 2" : "Ranking: 2 > 1");
            return JudgeSettings.of(TeacherMode.RANK).judge(model, 0);
        }
    }

    @Nested
    class APanel extends JudgeContract {
        @Override
        protected Judge judge() {
            return new PanelJudge(List.of(new Probability().judge(), new Ranked().judge()));
        }
    }
}
