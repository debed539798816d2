package ai.preceptor.teacher.elicit;

/**
 * The origin of a ledger's answers: what must be equal for a record to be reused.
 *
 * @param teacher who scored, for example its scorer's name and its model
 * @param sampler who answered and how: model, answers per prompt, temperature, seed
 * @param teacherDigest of the teacher's files, so that another model under the same name is another teacher; empty if not
 *     known, or if there are none
 * @param samplerDigest the same of who answered
 */
public record Provenance(String teacher, String sampler, String teacherDigest, String samplerDigest) {
    /** By names alone. */
    public Provenance(String teacher, String sampler) {
        this(teacher, sampler, "", "");
    }
}
