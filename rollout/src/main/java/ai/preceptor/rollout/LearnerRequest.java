package ai.preceptor.rollout;

import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.List;

/** A pending request of the learner, at the coordinator. */
sealed interface LearnerRequest {

    /** The message to reply to. */
    Message<?> message();

    /** Answers with a failure. */
    default void refuse(RuntimeException cause) {
        message().reply(new Outcome.Failed<>(new Failure(FailureKind.THREW, cause)));
    }

    /** The error when it takes too long. */
    default TeacherException overdue(RolloutPlan plan, FlowControl flow) {
        return new TeacherException(this + ": not done within " + plan.learnerDeadline() + ": " + flow);
    }

    /** Asks for groups, which are collected one by one. */
    record Pull(Message<?> message, int prompts, List<Group> groups) implements LearnerRequest {

        Pull(Message<?> message, int prompts) {
            this(message, prompts, new ArrayList<>());
        }

        boolean isFull() {
            return groups.size() >= prompts;
        }

        void answer() {
            List<Trajectory> trajectories = new ArrayList<>();
            for (int i = 0; i < groups.size(); i++) {
                trajectories.addAll(groups.get(i).trajectories(i));
            }
            message.reply(new Outcome.Done<>(List.copyOf(trajectories), 0));
        }

        @Override
        public String toString() {
            return "next(" + prompts + "), " + groups.size() + " here";
        }
    }

    /** Publishes new weights. */
    record Publication(Message<?> message, long version) implements LearnerRequest {

        void answer() {
            message.reply(new Outcome.Done<>(ActorMessage.Ready.READY, 0));
        }

        @Override
        public String toString() {
            return "publish(" + version + ")";
        }
    }
}
