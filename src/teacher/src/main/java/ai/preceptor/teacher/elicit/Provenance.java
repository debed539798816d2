package ai.preceptor.teacher.elicit;

/**
 * The origin of a ledger's answers: what must be equal for a record to be reused.
 *
 * @param teacher who scored, for example its scorer's name and its model
 * @param sampler who answered and how: model, answers per prompt, temperature, seed
 */
public record Provenance(String teacher, String sampler) {}
