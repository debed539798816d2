package ai.preceptor.cli.command.inference;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.ForwardConfig;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.ModelSource;
import java.util.Map;

/** Runs a model over given tokens and writes what it computes. */
public final class ForwardCommand extends Command<ForwardConfig> {
    public ForwardCommand() {
        super(
                "forward",
                "runs a model over given token ids and writes logits, hidden states and log-probabilities, or rewards",
                ForwardConfig.class);
    }

    @Override
    public void run(ForwardConfig keys, Terminal terminal) {
        TokenRows rows = TokenRows.read(keys.inputs());
        LoadOptions frozen = new LoadOptions(keys.dtype(), false);
        LoadOptions options = keys.adapter() == null ? frozen : frozen.withAdapter(keys.adapter());
        boolean reward = ModelSource.of(keys.model(), keys.adapter()).reward();
        try (Torch torch = Torch.open(keys.device().device(), keys.device().threads())) {
            Map<String, TensorData> outputs;
            if (reward) {
                try (RewardBackbone model =
                        RewardBackbone.load(torch, keys.model(), options, RewardBackbone.HeadInit.ZEROS, 0)) {
                    outputs = new WholeForward(rows).rewards(model);
                }
            } else {
                try (LanguageModel model = LanguageModel.load(torch, keys.model(), options)) {
                    outputs = new WholeForward(rows).outputs(model);
                }
            }
            SafetensorsWriter.write(keys.output(), outputs, SafetensorsWriter.PYTORCH);
        }
        terminal.out().println(keys.output() + ": " + rows.count() + " rows");
    }
}
