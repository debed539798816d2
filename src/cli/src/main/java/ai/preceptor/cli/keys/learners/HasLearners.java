package ai.preceptor.cli.keys.learners;

/** A configuration of a command that several learners can run. */
public interface HasLearners {
    /** How many, and which. */
    LearnersKeys learners();
}
