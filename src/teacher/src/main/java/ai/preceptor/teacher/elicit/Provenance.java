package ai.preceptor.teacher.elicit;

/**
 * Where the answers of a ledger come from: what must be the same for a record to be used again.
 *
 * @param teacher who scored, for example its scorer's name and its model
 * @param sampler who answered and how: model, answers per prompt, temperature, seed
 */
public record Provenance(String teacher, String sampler) {}
