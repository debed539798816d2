package ai.preceptor.rollout;

import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Trajectory;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/** A pending request of the learner, at the coordinator. */
sealed interface LearnerRequest {
    /** Completed with its answer. */
    Promise<?> promise();

    /** The error when it takes too long. */
    default TeacherException overdue(RolloutPlan plan, FlowControl flow) {
        return new TeacherException(this + ": not done within " + plan.learnerDeadline() + ": " + flow);
    }

    /** Asks for groups, which are collected one by one. */
    record Pull(Promise<List<Trajectory>> promise, int prompts, List<SampleGroup> groups) implements LearnerRequest {
        boolean isFull() {
            return groups.size() >= prompts;
        }

        void answer() {
            List<Trajectory> trajectories = new ArrayList<>();
            for (int i = 0; i < groups.size(); i++) {
                trajectories.addAll(groups.get(i).trajectories(i));
            }
            promise.complete(List.copyOf(trajectories));
        }

        @Override
        public String toString() {
            return "next(" + prompts + "), " + groups.size() + " here";
        }
    }

    /** Publishes new weights. */
    record Publication(Promise<Void> promise, long version) implements LearnerRequest {
        @Override
        public String toString() {
            return "publish(" + version + ")";
        }
    }
}
