package ai.preceptor.cli.keys.curation;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.lm.weights.ModelSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Filters that need a tokenizer or a model. */
public record ModelFilterKeys(
        @Key(help = "tokenizer of min_tokens and max_tokens", path = PathKind.TOKENIZER) @Nullable
        Path tokenizer,

        @Key(help = "minimum tokens of a text", range = "[0, inf)") @Nullable
        Integer minTokens,

        @Key(help = "maximum tokens of a text", range = "[1, inf)") @Nullable
        Integer maxTokens,

        @Key(help = "language model of min_perplexity and max_perplexity", path = PathKind.MODEL) @Nullable
        Path perplexityModel,

        @Key(help = "minimum perplexity of a text; of answers after their prompt", range = "[1, inf)") @Nullable
        Double minPerplexity,

        @Key(help = "maximum perplexity of a text; of answers after their prompt", range = "[1, inf)") @Nullable
        Double maxPerplexity)
        implements Checked {
    @Override
    public void check(Checks checks) {
        boolean tokens = minTokens != null || maxTokens != null;
        if (tokens && tokenizer == null) {
            checks.refuse("tokenizer", "expected one with min_tokens or max_tokens, found none");
        }
        if (!tokens && tokenizer != null) {
            checks.refuse("tokenizer", "expected none without min_tokens or max_tokens, found " + tokenizer);
        }
        boolean perplexity = minPerplexity != null || maxPerplexity != null;
        if (perplexity && perplexityModel == null) {
            checks.refuse("perplexity_model", "expected one with min_perplexity or max_perplexity, found none");
        }
        if (!perplexity && perplexityModel != null) {
            checks.refuse(
                    "perplexity_model",
                    "expected none without min_perplexity or max_perplexity, found " + perplexityModel);
        }
        if (perplexityModel != null && ModelSource.of(perplexityModel).reward()) {
            checks.refuse("perplexity_model", "expected a language model, found a reward model in " + perplexityModel);
        }
        if (minTokens != null && maxTokens != null && minTokens > maxTokens) {
            checks.refuse("max_tokens", "expected " + minTokens + " or more, the minimum, found " + maxTokens);
        }
        if (minPerplexity != null && maxPerplexity != null && minPerplexity > maxPerplexity) {
            checks.refuse(
                    "max_perplexity", "expected " + minPerplexity + " or more, the minimum, found " + maxPerplexity);
        }
    }
}
