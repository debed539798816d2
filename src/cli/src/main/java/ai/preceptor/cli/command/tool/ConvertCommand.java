package ai.preceptor.cli.command.tool;

import ai.preceptor.ModelConversion;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.ConvertConfig;

/** Rewrites a model directory or a GGUF file as a Hugging Face directory. */
public final class ConvertCommand implements Command<ConvertConfig> {
    @Override
    public String name() {
        return "convert";
    }

    @Override
    public String summary() {
        return "rewrites a model, GGUF too, as a Hugging Face directory: element type, size of files, merged adapter";
    }

    @Override
    public Class<ConvertConfig> configuration() {
        return ConvertConfig.class;
    }

    @Override
    public void run(ConvertConfig keys, Terminal terminal) {
        int tensors = new ModelConversion(keys.copy()).write(keys.output());
        terminal.out().println(keys.output() + ": " + tensors + " tensors");
    }
}
