package ai.preceptor.teacher.judge;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.teacher.chat.PromptTemplate;
import ai.preceptor.teacher.chat.PromptTemplate.Places;
import java.nio.file.Path;
import java.util.Locale;

/** What a teacher that is asked in words is asked to do with answers. */
public enum TeacherMode {
    /** A grade from 1 to 10 for each. */
    SCORE,
    /** Which of two is better, in both orders; an answer's score is the share of the others that it beats. */
    COMPARE;

    private Places places() {
        return switch (this) {
            case SCORE -> Places.of("prompt", "answer");
            case COMPARE -> Places.of("prompt", "answer_a", "answer_b");
        };
    }

    /** The program's own words. */
    public PromptTemplate standardTemplate() {
        return PromptTemplate.standard(TeacherMode.class, name().toLowerCase(Locale.ROOT) + ".txt", places());
    }

    /**
     * A user's own words.
     *
     * @throws ConfigurationException if the file cannot be read, or lacks a place, or has one that is never filled
     */
    public PromptTemplate template(Path file) {
        return PromptTemplate.read(file, places());
    }
}
