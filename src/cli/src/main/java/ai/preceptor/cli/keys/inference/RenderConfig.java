package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code render}. */
public record RenderConfig(
        @Key(
                help = "directory with a tokenizer and, usually, a chat template; or a GGUF file",
                path = PathKind.TOKENIZER)
        @Nullable
        Path model,

        @Key(help = "file with a chat template that replaces the model's", path = PathKind.FILE) @Nullable
        Path template,

        @Group(title = "Data") DataKeys data,

        @Key(
                help = "JSON lines with the model's input",
                required = true,
                path = PathKind.OUTPUT_FILE,
                effect = KeyEffect.NONE)
        Path output,

        @Key(
                help = "whether to append the generation prompt",
                defaultText = "false for conversations that end with an answer, true for others and for prompts")
        @Nullable
        Boolean addGenerationPrompt)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (model == null && template == null) {
            checks.refuse("model", "expected a model directory, or a template, or both; found neither");
        }
    }
}
