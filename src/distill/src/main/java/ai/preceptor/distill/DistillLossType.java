package ai.preceptor.distill;

import ai.preceptor.distill.hidden.AttentionKl;
import ai.preceptor.distill.hidden.AttentionMse;
import ai.preceptor.distill.hidden.AttentionSimilarity;
import ai.preceptor.distill.hidden.HiddenCosine;
import ai.preceptor.distill.hidden.HiddenMse;
import ai.preceptor.distill.hidden.HiddenSimilarity;
import ai.preceptor.distill.hidden.SampleRelation;
import ai.preceptor.distill.hidden.TokenRelation;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The values of {@code loss_type} for {@code distill}. */
public enum DistillLossType {
    JSD(keys -> Divergence.jsd(keys.beta())),
    FORWARD_KL(keys -> Divergence.forwardKl()),
    REVERSE_KL(keys -> Divergence.reverseKl()),
    SKEW_FORWARD_KL(keys -> Divergence.skewForwardKl(keys.skewAlpha())),
    SKEW_REVERSE_KL(keys -> Divergence.skewReverseKl(keys.skewAlpha())),
    TOTAL_VARIATION(keys -> Divergence.totalVariation()),
    ADAPTIVE_KL(keys -> Divergence.adaptiveKl(keys.adaptiveMu())),
    ULD(keys -> Divergence.uld()),
    /** The rows' own tokens. */
    SFT(null, null, null),
    HIDDEN_MSE(new HiddenMse()),
    HIDDEN_COSINE(new HiddenCosine()),
    TOKEN_RELATION(new TokenRelation()),
    SAMPLE_RELATION(new SampleRelation()),
    ATTENTION_KL(new AttentionKl()),
    ATTENTION_MSE(new AttentionMse());

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final @Nullable Function<DistillationSettings, Divergence> divergence;

    @SuppressWarnings("ImmutableEnumChecker") // records without components
    private final @Nullable HiddenSimilarity similarity;

    @SuppressWarnings("ImmutableEnumChecker") // records without components
    private final @Nullable AttentionSimilarity attention;

    DistillLossType(Function<DistillationSettings, Divergence> divergence) {
        this(divergence, null, null);
    }

    DistillLossType(HiddenSimilarity similarity) {
        this(null, similarity, null);
    }

    DistillLossType(AttentionSimilarity attention) {
        this(null, null, attention);
    }

    DistillLossType(
            @Nullable Function<DistillationSettings, Divergence> divergence,
            @Nullable HiddenSimilarity similarity,
            @Nullable AttentionSimilarity attention) {
        this.divergence = divergence;
        this.similarity = similarity;
        this.attention = attention;
    }

    /** The divergence with the numbers of {@code keys}; none for the rows' own tokens and for hidden states. */
    Optional<Divergence> divergence(DistillationSettings keys) {
        return Optional.ofNullable(divergence).map(of -> of.apply(keys));
    }

    /** The similarity of attention; none for what looks elsewhere. */
    Optional<AttentionSimilarity> attention() {
        return Optional.ofNullable(attention);
    }

    /** Whether layers of both models are compared. */
    boolean comparesLayers() {
        return similarity != null || attention != null;
    }

    /** The similarity of hidden states; none for what looks elsewhere. */
    Optional<HiddenSimilarity> similarity() {
        return Optional.ofNullable(similarity);
    }
}
