package ai.preceptor.distill;

import ai.preceptor.distill.divergence.AdaptiveKl;
import ai.preceptor.distill.divergence.Divergence;
import ai.preceptor.distill.divergence.ForwardKl;
import ai.preceptor.distill.divergence.GeneralizedJsd;
import ai.preceptor.distill.divergence.ReverseKl;
import ai.preceptor.distill.divergence.SkewForwardKl;
import ai.preceptor.distill.divergence.SkewReverseKl;
import ai.preceptor.distill.divergence.TotalVariation;
import ai.preceptor.distill.hidden.HiddenCosine;
import ai.preceptor.distill.hidden.HiddenMse;
import ai.preceptor.distill.hidden.HiddenSimilarity;
import ai.preceptor.distill.hidden.SampleRelation;
import ai.preceptor.distill.hidden.TokenRelation;
import java.util.Optional;

/** The values of {@code loss_type} for {@code distill}. */
public enum DistillLossType {
    JSD {
        @Override
        Optional<Divergence> divergence(DistillationSettings keys) {
            return Optional.of(new GeneralizedJsd(keys.beta()));
        }
    },
    FORWARD_KL {
        @Override
        Optional<Divergence> divergence(DistillationSettings keys) {
            return Optional.of(new ForwardKl());
        }
    },
    REVERSE_KL {
        @Override
        Optional<Divergence> divergence(DistillationSettings keys) {
            return Optional.of(new ReverseKl());
        }
    },
    SKEW_FORWARD_KL {
        @Override
        Optional<Divergence> divergence(DistillationSettings keys) {
            return Optional.of(new SkewForwardKl(keys.skewAlpha()));
        }
    },
    SKEW_REVERSE_KL {
        @Override
        Optional<Divergence> divergence(DistillationSettings keys) {
            return Optional.of(new SkewReverseKl(keys.skewAlpha()));
        }
    },
    TOTAL_VARIATION {
        @Override
        Optional<Divergence> divergence(DistillationSettings keys) {
            return Optional.of(new TotalVariation());
        }
    },
    ADAPTIVE_KL {
        @Override
        Optional<Divergence> divergence(DistillationSettings keys) {
            return Optional.of(new AdaptiveKl(keys.adaptiveMu()));
        }
    },
    /** The rows' own tokens. */
    SFT,
    HIDDEN_MSE {
        @Override
        Optional<HiddenSimilarity> similarity() {
            return Optional.of(new HiddenMse());
        }
    },
    HIDDEN_COSINE {
        @Override
        Optional<HiddenSimilarity> similarity() {
            return Optional.of(new HiddenCosine());
        }
    },
    TOKEN_RELATION {
        @Override
        Optional<HiddenSimilarity> similarity() {
            return Optional.of(new TokenRelation());
        }
    },
    SAMPLE_RELATION {
        @Override
        Optional<HiddenSimilarity> similarity() {
            return Optional.of(new SampleRelation());
        }
    };

    /** The divergence with the numbers of {@code keys}; none for the rows' own tokens and for hidden states. */
    Optional<Divergence> divergence(DistillationSettings keys) {
        return Optional.empty();
    }

    /** The similarity of hidden states; none for what looks at tokens. */
    Optional<HiddenSimilarity> similarity() {
        return Optional.empty();
    }
}
