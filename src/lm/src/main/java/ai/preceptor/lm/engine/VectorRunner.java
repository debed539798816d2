package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.engine.store.KvStore;
import ai.preceptor.lm.engine.vector.Floats;
import ai.preceptor.lm.torch.DecodeKernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.vector.DecodeStep;
import ai.preceptor.vector.Drawing;
import ai.preceptor.vector.StepRow;
import ai.preceptor.vector.Team;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Computes steps in Java, see {@code ai.preceptor.vector}; prompts are computed by libtorch. */
final class VectorRunner implements StepRunner {
    /** Rows of a step: with more, other parts of a step take longer than reading the weights. */
    private static final int MOST_ROWS = 128;

    private final Torch torch;
    private final DecodeKernels.Model tensors;
    private final RowWidths widths;
    private final Team team;
    private final DecodeStep step;
    private final int width;
    private final long columns;

    /**
     * Of a model in both forms.
     *
     * @param tensors computes prompts and embeddings
     * @param widths of prompts' products
     * @param team of the step; closed with this
     */
    VectorRunner(Torch torch, DecodeKernels.Model tensors, RowWidths widths, DecodeStep step, Team team) {
        this.torch = torch;
        this.tensors = tensors;
        this.widths = widths;
        this.step = step;
        this.team = team;
        this.width = step.width();
        this.columns = step.vocabulary();
    }

    @Override
    public int mostRows() {
        return MOST_ROWS;
    }

    @Override
    public RowWidths widths() {
        return widths;
    }

    @Override
    public NDArray[] prefill(Scope out, DecodeKernels.Prompts prompts) {
        return torch.kernels().decode().prefill(out, prompts, tensors);
    }

    @Override
    public DrawnTokens first(Scope out, List<Sample> samples) {
        Map<QueuedPrompt, float[]> states = new HashMap<>();
        float[] hidden = new float[samples.size() * width];
        for (int i = 0; i < samples.size(); i++) {
            float[] state =
                    states.computeIfAbsent(samples.get(i).prompt(), prompt -> Floats.of(torch, prompt.hidden()));
            System.arraycopy(state, 0, hidden, i * width, width);
        }
        return draw(step.headLogits(hidden, samples.size()), samples, RowSettings.of(samples));
    }

    @Override
    public DrawnTokens step(Scope out, List<Sample> rows, KvStore store, RowSettings settings) {
        int[] ids = new int[rows.size()];
        int[] positions = new int[rows.size()];
        List<StepRow> fed = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            Sample row = rows.get(i);
            ids[i] = row.last().id();
            positions[i] = row.position();
            store.extend(row.blocks(), row.position() - row.firstPosition());
        }
        for (Sample row : rows) {
            int[] prefix = Arrays.stream(row.prompt().prefix().toArray())
                    .map(store::sharedPlace)
                    .toArray();
            fed.add(new StepRow(row.position(), prefix, row.blocks().toArray(), row.firstPosition()));
        }
        float[] embedded = torch.kernels()
                .decode()
                .embed(
                        out,
                        out.indices(ids),
                        out.indices(positions),
                        tensors.embeddings(),
                        tensors.plan().embeddingScale())
                .toFloatArray();
        return draw(step.logits(embedded, fed), rows, settings);
    }

    private DrawnTokens draw(float[] logits, List<Sample> rows, RowSettings settings) {
        List<Drawing> how = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            how.add(settings.drawing(i, rows.get(i)));
        }
        return DrawnTokens.of(step.draw(logits, how), columns);
    }

    @Override
    public void close() {
        team.close();
    }
}
