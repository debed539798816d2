package ai.preceptor.ranking.online;

/** Which of the sampled answers to a prompt are learnt from. */
public enum Selection {
    /** The one with the highest score and the one with the lowest. */
    BEST_WORST,
    /** All that are scored and differ. */
    GROUP
}
