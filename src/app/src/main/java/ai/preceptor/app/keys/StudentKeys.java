package ai.preceptor.app.keys;

import ai.preceptor.app.config.Key;
import ai.preceptor.app.config.PathKind;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.Precision;
import java.nio.file.Path;

/**
 * The model a command works on.
 *
 * @param model a directory in Hugging Face's layout
 * @param dtype element type of matrix products; master weights stay float32
 */
public record StudentKeys(
        @Key(
                help = "model to start from: a Hugging Face directory or a GGUF file",
                required = true,
                path = PathKind.MODEL)
        Path model,

        @Key(help = "element type of matrix products; master weights stay float32", standard = "float32")
        Precision dtype) {

    /** To be trained. */
    public LoadOptions trained() {
        return new LoadOptions(dtype, true);
    }

    /** To be run only. */
    public LoadOptions frozen() {
        return new LoadOptions(dtype, false);
    }
}
