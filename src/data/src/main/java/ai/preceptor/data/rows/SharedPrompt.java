package ai.preceptor.data.rows;

import ai.preceptor.data.Message;
import ai.preceptor.data.Text;
import java.util.List;

/**
 * The prompt that two answers share, where a row does not give it apart: the longest common
 * beginning, of messages or of characters.
 *
 * <p>As TRL's {@code extract_prompt} does: a space before the first difference belongs to the
 * answers (tokenizers join it to the word that follows), and if one text is the beginning of the
 * other, their last shared element stays with the answers, so that neither is empty. Departure: TRL
 * counts from the end when the very first characters differ; here nothing is shared then.
 *
 * @param prompt the shared beginning, empty if there is none
 * @param chosen the rest of the better text
 * @param rejected the rest of the worse text
 */
record SharedPrompt(Text prompt, Text chosen, Text rejected) {

    /** Takes two texts of the same form apart. */
    static SharedPrompt of(Text chosen, Text rejected) {
        if (chosen instanceof Text.Chat one && rejected instanceof Text.Chat two) {
            return ofMessages(one.messages(), two.messages());
        }
        return ofCharacters(chosen.asString(), rejected.asString());
    }

    private static SharedPrompt ofMessages(List<Message> chosen, List<Message> rejected) {
        int shortest = Math.min(chosen.size(), rejected.size());
        int shared = 0;
        while (shared < shortest && chosen.get(shared).equals(rejected.get(shared))) {
            shared++;
        }
        if (shared == shortest && shared > 0) {
            shared--;
        }
        return new SharedPrompt(
                new Text.Chat(chosen.subList(0, shared)),
                new Text.Chat(chosen.subList(shared, chosen.size())),
                new Text.Chat(rejected.subList(shared, rejected.size())));
    }

    private static SharedPrompt ofCharacters(String chosen, String rejected) {
        int shortest = Math.min(chosen.length(), rejected.length());
        int shared = 0;
        // By code points, so that no surrogate pair is cut in two.
        while (shared < shortest && chosen.codePointAt(shared) == rejected.codePointAt(shared)) {
            shared += Character.charCount(chosen.codePointAt(shared));
        }
        if (shared > 0 && (shared == shortest || chosen.charAt(shared - 1) == ' ')) {
            shared = chosen.offsetByCodePoints(shared, -1);
        }
        return new SharedPrompt(
                new Text.Plain(chosen.substring(0, shared)),
                new Text.Plain(chosen.substring(shared)),
                new Text.Plain(rejected.substring(shared)));
    }
}
