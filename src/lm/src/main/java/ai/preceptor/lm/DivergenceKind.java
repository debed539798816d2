package ai.preceptor.lm;

/** Divergences that the head's kernel knows, of a student's distribution q from a teacher's p. */
public enum DivergenceKind {
    /** KL(p || q). */
    FORWARD_KL(0),
    /** KL(q || p). */
    REVERSE_KL(1),
    /** With parameter b and m = b p + (1 - b) q: b KL(p || m) + (1 - b) KL(q || m). */
    JSD(2),
    /** With parameter a: KL(p || a p + (1 - a) q). */
    SKEW_FORWARD_KL(3),
    /** With parameter a: KL(q || (1 - a) p + a q). */
    SKEW_REVERSE_KL(4),
    /** Half the sum of |p - q|. */
    TOTAL_VARIATION(5),
    /** Forward and reverse KL, weighted by how much of |p - q| lies in p's most probable tokens, with parameter mu. */
    ADAPTIVE_KL(6),
    /** Sum over ranks of |p - q|, both sorted; the only one whose distributions may be over other tokens. */
    RANK_GAP(7);

    private final int code;

    DivergenceKind(int code) {
        this.code = code;
    }

    /** Its number in the kernel. */
    int code() {
        return code;
    }
}
