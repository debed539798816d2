package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Drops rows with a text in another language.
 *
 * @param text which texts; every one must be in one of the languages
 * @param languages codes that stay; {@link LanguageRule#UNDETERMINED} among them lets texts stay whose language cannot be told;
 *     copied
 * @param detector the language of a text, such as {@link LanguageRule#language}
 */
public record LanguageFilter(RowText text, Set<String> languages, Function<String, String> detector)
        implements RowFilter {
    /** Copies the set. */
    public LanguageFilter {
        languages = Set.copyOf(languages);
    }

    @Override
    public String name() {
        return "language";
    }

    @Override
    public List<@Nullable Drop> judge(List<SourceRow> rows) {
        List<@Nullable Drop> verdicts = new ArrayList<>();
        rows.forEach(row -> verdicts.add(judge(row)));
        return verdicts;
    }

    private @Nullable Drop judge(SourceRow row) {
        for (String one : text.texts(row)) {
            String language = detector.apply(one);
            if (!languages.contains(language)) {
                return new Drop("other_language", "language " + language);
            }
        }
        return null;
    }
}
