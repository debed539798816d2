package com.example.research;

import ai.preceptor.data.Scorer;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.JudgeContract;
import ai.preceptor.teacher.ScorerContract;
import ai.preceptor.teacher.judge.Grading;
import ai.preceptor.teacher.judge.GradingContract;
import org.junit.jupiter.api.Nested;

/** Teachers of one's own pass the contracts that the module of teachers publishes. */
class OwnTeacherContractsTest {
    @Nested
    class OwnScorer extends ScorerContract {
        @Override
        protected Scorer scorer() {
            return new Vowels();
        }
    }

    @Nested
    class OwnJudge extends JudgeContract {
        @Override
        protected Judge judge() {
            return new Alphabetical();
        }
    }

    @Nested
    class OwnGrading extends GradingContract {
        @Override
        protected Grading grading() {
            return new Stars();
        }

        @Override
        protected String reply() {
            return "***";
        }
    }
}
