package ai.preceptor.teacher.curate;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.teacher.similarity.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are dropped, but for what needs a model. The keys' help texts describe the components; null is no bound.
 */
public record CurationSettings(
        @Key(
                help = "text that filters check: prompt, answers (each), or all (prompt and answers as one text)",
                defaultValue = "all")
        RowText text,

        @Key(help = "drop rows with the text of an earlier row", defaultValue = "true")
        boolean dropRepeats,

        @Key(
                help = "near-duplicates: drop rows with at least this estimated Jaccard similarity of words "
                        + "(MinHash) to an earlier row; 1 for none",
                defaultValue = "0.9",
                range = "(0, 1]")
        double jaccardThreshold,

        @Key(help = "number of MinHash permutations", defaultValue = "128", range = "[1, 4096]")
        int minhashPermutations,

        @Key(help = "drop rows with at least this ROUGE-L with an earlier row", range = "(0, 1]") @Nullable
        Double rougeThreshold,

        @Key(help = "minimum words of a text", range = "[0, inf)") @Nullable
        Integer minWords,

        @Key(help = "maximum words of a text", range = "[1, inf)") @Nullable
        Integer maxWords,

        @Key(help = "minimum characters of a text", range = "[0, inf)") @Nullable
        Integer minCharacters,

        @Key(help = "maximum characters of a text", range = "[1, inf)") @Nullable
        Integer maxCharacters,

        @Key(
                help = "languages of rows to keep (ISO 639-1), detected by script and function words; und keeps "
                        + "undetected rows",
                defaultText = "all")
        @Nullable
        List<String> languages,

        @Key(
                help = "column with a score or a list of scores",
                defaultText = "scores, score_chosen and score_rejected, or score, as the rows' format has them")
        @Nullable
        String scoreColumn,

        @Key(help = "minimum of a row's best score", range = "(-inf, inf)") @Nullable
        Double minScore,

        @Key(help = "maximum of a row's best score", range = "(-inf, inf)") @Nullable
        Double maxScore,

        @Key(help = "minimum gap from a row's best score to its worst, or margin", range = "[0, inf)") @Nullable
        Double minGap,

        @Key(help = "maximum gap from a row's best score to its worst, or margin", range = "[0, inf)") @Nullable
        Double maxGap) {

    /** @throws ai.preceptor.data.ConfigurationException if a number is out of its range, or bounds contradict each other */
    public CurationSettings {
        languages = languages == null ? null : List.copyOf(languages);
        Refusals refusals = Refusals.of(
                CurationSettings.class,
                text,
                dropRepeats,
                jaccardThreshold,
                minhashPermutations,
                rougeThreshold,
                minWords,
                maxWords,
                minCharacters,
                maxCharacters,
                languages,
                scoreColumn,
                minScore,
                maxScore,
                minGap,
                maxGap);
        refuseCrossed(refusals, "max_words", minWords, maxWords);
        refuseCrossed(refusals, "max_characters", minCharacters, maxCharacters);
        refuseCrossed(refusals, "max_score", minScore, maxScore);
        refuseCrossed(refusals, "max_gap", minGap, maxGap);
        if (scoreColumn != null && !boundsScores(minScore, maxScore, minGap, maxGap)) {
            refusals.refuse(
                    "score_column",
                    "expected nothing without min_score, max_score, min_gap or max_gap, found " + scoreColumn);
        }
        if (languages != null) {
            for (String language : languages) {
                if (!language.equals(LanguageRule.UNDETERMINED)
                        && !LanguageRule.standard().known().contains(language)) {
                    refusals.refuse(
                            "languages",
                            "expected und or some of "
                                    + String.join(", ", LanguageRule.standard().known()) + ", found \"" + language
                                    + "\"");
                }
            }
            if (languages.isEmpty()) {
                refusals.refuse("languages", "expected one code or more, found none");
            }
        }
        refusals.throwIfAny();
    }

    private static void refuseCrossed(Refusals refusals, String key, @Nullable Number min, @Nullable Number max) {
        if (min != null && max != null && min.doubleValue() > max.doubleValue()) {
            refusals.refuse(key, "expected " + min + " or more, the minimum, found " + max);
        }
    }

    private static boolean boundsScores(@Nullable Double... bounds) {
        return Arrays.stream(bounds).anyMatch(Objects::nonNull);
    }

    /** The filters of these settings; cheap ones first. */
    public List<RowFilter> filters() {
        List<RowFilter> filters = new ArrayList<>();
        if (minWords != null || maxWords != null) {
            filters.add(new LengthFilter(text, "words", Words::count, minWords, maxWords));
        }
        if (minCharacters != null || maxCharacters != null) {
            filters.add(new LengthFilter(
                    text, "characters", one -> one.codePointCount(0, one.length()), minCharacters, maxCharacters));
        }
        if (boundsScores(minScore, maxScore, minGap, maxGap)) {
            filters.add(new ScoreFilter(scoreColumn, minScore, maxScore, minGap, maxGap));
        }
        if (languages != null) {
            filters.add(new LanguageFilter(text, new LinkedHashSet<>(languages), LanguageRule.standard()::language));
        }
        if (dropRepeats) {
            filters.add(new RepeatFilter(text));
        }
        if (jaccardThreshold < 1) {
            filters.add(new MinHashFilter(text, jaccardThreshold, minhashPermutations));
        }
        if (rougeThreshold != null) {
            filters.add(new RougeFilter(text, rougeThreshold));
        }
        return filters;
    }
}
