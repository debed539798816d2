package ai.preceptor.formats.config;

import ai.preceptor.formats.io.JsonFields;
import java.util.List;
import java.util.OptionalInt;

/**
 * Special token ids as a configuration file gives them.
 *
 * @param bos begin of sequence
 * @param eos ends of sequence, usually one; empty when there is none
 * @param pad padding
 */
public record SpecialIds(OptionalInt bos, List<Integer> eos, OptionalInt pad) {
    /** Copies the list. */
    public SpecialIds {
        eos = List.copyOf(eos);
    }

    static SpecialIds read(JsonFields fields, int vocabulary) {
        return new SpecialIds(
                first(fields.ids("bos_token_id", vocabulary)),
                fields.ids("eos_token_id", vocabulary),
                first(fields.ids("pad_token_id", vocabulary)));
    }

    private static OptionalInt first(List<Integer> ids) {
        return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.get(0));
    }
}
