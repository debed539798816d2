package ai.preceptor.run;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.train.rows.OverLength;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Selects the prompts that leave room for an answer.
 *
 * @param fitting these, in their order
 * @param dropped how many do not
 * @param checksum of the tokens of those that do: distinguishes them from another run's prompts
 */
public record PolicyPrompts(List<Prompt> fitting, int dropped, long checksum) {
    /**
     * Measures prompts in tokens. None is cut.
     *
     * @param room for a prompt
     * @param overLength what a longer one does
     * @throws DataException when none fits, or a longer one is refused
     */
    public static PolicyPrompts measure(
            List<Prompt> prompts, TemplateEncoder encoder, PromptRoom room, OverLength overLength) {
        List<Prompt> fitting = new ArrayList<>();
        CRC32C checksum = new CRC32C();
        for (int i = 0; i < prompts.size(); i++) {
            int[] ids = encoder.prompt(prompts.get(i));
            if (ids.length <= room.tokens()) {
                fitting.add(prompts.get(i));
                for (int id : ids) {
                    checksum.update(id);
                    checksum.update(id >>> 8);
                    checksum.update(id >>> 16);
                }
                checksum.update(0xff);
            } else if (overLength == OverLength.REFUSE) {
                throw new DataException(
                        "prompt " + i + " (0-based) has " + ids.length + " tokens, legal: up to " + room.tokens()
                                + ", which with " + room.key() + " more makes max_length or the model's context");
            }
        }
        if (fitting.isEmpty()) {
            throw new DataException(prompts.isEmpty() ? "no prompts to answer" : room.noneFits(prompts.size()));
        }
        return new PolicyPrompts(fitting, prompts.size() - fitting.size(), checksum.getValue());
    }
}
