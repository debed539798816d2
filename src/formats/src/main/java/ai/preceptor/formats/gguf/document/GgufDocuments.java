package ai.preceptor.formats.gguf.document;

import ai.preceptor.formats.gguf.GgufFile;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The files of a Hugging Face directory that follow from a GGUF file's metadata, by name. */
public final class GgufDocuments {
    private static final Map<String, Function<GgufFile, Optional<String>>> MAKERS = Map.of(
            "config.json", file -> Optional.of(new GgufConfig(file).config().toString()),
            "generation_config.json",
                    file -> Optional.of(new GgufConfig(file).generation().toString()),
            "tokenizer.json",
                    file -> GgufVocabulary.of(file)
                            .map(vocabulary -> vocabulary.tokenizer().toString()),
            "tokenizer_config.json",
                    file -> GgufVocabulary.of(file)
                            .map(vocabulary -> vocabulary.config().toString()),
            "chat_template.jinja", file -> file.metadata().text("tokenizer.chat_template"));

    private GgufDocuments() {}

    /** Whether such a file may follow at all. */
    public static boolean knows(String name) {
        return MAKERS.containsKey(name);
    }

    /**
     * Makes one.
     *
     * @param name such as {@code config.json}
     * @return its text, or empty when nothing of it is in the file
     * @throws ai.preceptor.data.DataException when the metadata is not what it should be
     */
    public static Optional<String> make(GgufFile file, String name) {
        Function<GgufFile, Optional<String>> maker = MAKERS.get(name);
        return maker == null ? Optional.empty() : maker.apply(file);
    }
}
