package ai.preceptor.teacher.judge;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.teacher.chat.PromptTemplate;
import ai.preceptor.teacher.chat.PromptTemplate.Places;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a language model is asked to do with answers. */
public enum TeacherMode {
    /** A grade from 1 to 10 for each. */
    SCORE("prompt,answer", ""),
    /** Which of two is better, in both orders; an answer's score is the share of the others that it beats. */
    COMPARE("prompt,answer_a,answer_b", ""),
    /** The probability that one of two is better, in both orders; an answer's score is its mean over the others. */
    PROBABILITY("prompt,answer_a,answer_b", "A,B"),
    /** Whether an answer is right: the difference of the log-probabilities of two words. */
    YES_NO("prompt,answer", "Yes,No"),
    /** Four grades from 1 to 5 for each; the score is their mean. */
    ASPECTS("prompt,answer", ""),
    /** Which criteria of the prompt's rubric an answer meets; the score is their share of the points. */
    RUBRIC("prompt,answer,criteria", ""),
    /** The order of all answers to a prompt. */
    RANK("prompt,answers", "");

    private final String places;
    private final String labels;

    TeacherMode(String places, String labels) {
        this.places = places;
        this.labels = labels;
    }

    private Places places() {
        return Places.of(places.split(","));
    }

    /** The program's own words, with a place for a principle. */
    public PromptTemplate standardTemplate() {
        return PromptTemplate.standard(
                TeacherMode.class, name().toLowerCase(Locale.ROOT) + ".txt", places().orAlso(JudgePrompts.PRINCIPLE));
    }

    /**
     * A user's own words.
     *
     * @param principle whether they must have a place for a principle; else they may
     * @throws ConfigurationException if the file cannot be read, or lacks a place, or has one that is never filled
     */
    public PromptTemplate template(Path file, boolean principle) {
        return PromptTemplate.read(
                file,
                principle
                        ? Places.of((places + "," + JudgePrompts.PRINCIPLE).split(","))
                        : places().orAlso(JudgePrompts.PRINCIPLE));
    }

    /** The two words whose probabilities are read, better first; empty where replies are read. */
    public List<String> labels() {
        return labels.isEmpty() ? List.of() : List.of(labels.split(","));
    }

    /** True if the probabilities of words are read, not replies. */
    public boolean readsLabels() {
        return !labels.isEmpty();
    }
}
