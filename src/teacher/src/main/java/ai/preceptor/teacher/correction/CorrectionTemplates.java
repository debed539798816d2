package ai.preceptor.teacher.correction;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.teacher.chat.PromptTemplate;
import ai.preceptor.teacher.chat.PromptTemplate.Places;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a teacher is asked.
 *
 * @param critique with the places {@code prompt}, {@code answer} and {@code principle}
 * @param revision with these and {@code critique}
 */
public record CorrectionTemplates(PromptTemplate critique, PromptTemplate revision) {
    private static final Places CRITIQUE = Places.of("prompt", "answer", "principle");
    private static final Places REVISION =
            Places.of("prompt", "answer", "critique").orAlso("principle");

    /**
     * The program's own words, or a user's.
     *
     * @param critique a file; null for the program's
     * @param revision a file; null for the program's
     * @throws ConfigurationException if a file cannot be read or has other places
     */
    public static CorrectionTemplates of(@Nullable Path critique, @Nullable Path revision) {
        return new CorrectionTemplates(
                critique == null ? standard("critique.txt", CRITIQUE) : PromptTemplate.read(critique, CRITIQUE),
                revision == null ? standard("revision.txt", REVISION) : PromptTemplate.read(revision, REVISION));
    }

    private static PromptTemplate standard(String resource, Places places) {
        return PromptTemplate.standard(CorrectionTemplates.class, resource, places);
    }
}
