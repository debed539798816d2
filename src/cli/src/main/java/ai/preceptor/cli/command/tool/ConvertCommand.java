package ai.preceptor.cli.command.tool;

import ai.preceptor.ModelConversion;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.ConvertConfig;

/** Rewrites a model directory or a GGUF file as a Hugging Face directory. */
public final class ConvertCommand extends Command<ConvertConfig> {
    public ConvertCommand() {
        super(
                "convert",
                "rewrites a model, GGUF too, as a Hugging Face directory: element type, size of files, merged adapter",
                ConvertConfig.class);
    }

    @Override
    public void run(ConvertConfig keys, Terminal terminal) {
        int tensors = new ModelConversion(keys.copy()).write(keys.output());
        terminal.out().println(keys.output() + ": " + tensors + " tensors");
    }
}
