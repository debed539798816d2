package ai.preceptor.distill;

/** The values of {@code kd_loss_mode}: how several teachers teach; NeMo RL's names. */
public enum KdLossMode {
    /** The divergences from each are added up, by their weights. */
    SUM,
    /** One divergence, from their mean distribution. */
    AVERAGED_PROBS,
    /** One divergence, from the distribution of their mean logits. */
    AVERAGED_LOGITS,
    /** Each row has one of them. */
    SELECT_TEACHER
}
