package ai.preceptor.policy.evaluation;

import ai.preceptor.data.Trajectory;
import java.util.List;

/** Gives scored answers to held-out prompts, with the weights of now and the same random numbers each time. */
public interface HeldOutAnswers {
    /** How many prompts there are, 1 or more. */
    int prompts();

    /** Answers to each prompt, 1 or more. */
    int samples();

    /** A checksum of the prompts; empty where it is not known. */
    default String checksum() {
        return "";
    }

    /** How many are answered together, 1 or more; a stop is obeyed in between. */
    int together();

    /**
     * The answers to prompts {@code from} to {@code to - 1}; the group of each is the prompt's place. An answer that cannot be
     * scored is unscored, with the reason.
     */
    List<Trajectory> answers(int from, int to);
}
