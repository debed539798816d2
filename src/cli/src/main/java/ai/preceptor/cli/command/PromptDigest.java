package ai.preceptor.cli.command;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.files.Sha256;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/** A digest of prompts in their order, with their other columns: a file may change under its path. */
public final class PromptDigest {
    private static final JsonMapper JSON = new JsonMapper();

    private PromptDigest() {}

    /** SHA-256 in hexadecimal. */
    public static String of(List<Prompt> prompts) {
        Sha256 digest = new Sha256();
        for (Prompt prompt : prompts) {
            try {
                digest.add(JSON.writeValueAsString(List.of(prompt.text().toJson(), prompt.columns())) + "\n");
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a prompt that cannot be written as JSON", e);
            }
        }
        return digest.hex();
    }
}
