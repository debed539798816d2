package ai.preceptor.run;

import ai.djl.ndarray.types.Shape;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.tool.ToolLoop;
import ai.preceptor.lm.tool.ToolUse;
import ai.preceptor.lm.torch.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A causal language model with its tokenizer and chat template, and how it was loaded.
 *
 * @param directory where from
 * @param options how
 * @param model closed with this
 * @param tokenizer closed with this
 * @param encoder what turns texts into its tokens
 * @param boundary what the encoder does where a prompt's tokens are not the first of prompt and completion together
 * @param tools goes on with answers that call tools; null where there are none
 */
public record LoadedModel(
        Path directory,
        LoadOptions options,
        LanguageModel model,
        Tokenizer tokenizer,
        TemplateEncoder encoder,
        Boundary boundary,
        @Nullable ToolLoop tools)
        implements AutoCloseable {
    /** Loads it. */
    public static LoadedModel load(Torch torch, Path directory, LoadOptions options, Boundary boundary) {
        ModelFiles files = options.files(directory);
        Tokenizer tokenizer = Tokenizer.load(files);
        try {
            TemplateEncoder encoder =
                    TemplateEncoder.load(files, tokenizer, boundary); // may throw, so before what is large
            LanguageModel model = LanguageModel.load(torch, directory, options);
            return new LoadedModel(directory, options, model, tokenizer, encoder, boundary, null);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /**
     * The same model with tools that its answers may call.
     *
     * @throws ai.preceptor.data.ConfigurationException if a tool is not as it must be, or the chat template cannot write a
     *     turn of tools
     */
    public LoadedModel with(ToolUse use) {
        return new LoadedModel(
                directory,
                options,
                model,
                tokenizer,
                use.encoder(encoder),
                boundary,
                use.loop(encoder, model.config().maxPositionEmbeddings()));
    }

    /** The same model with steps of generation computed by something else. */
    public LoadedModel with(DecodeSettings decode) {
        return new LoadedModel(directory, options.withDecode(decode), model, tokenizer, encoder, boundary, tools);
    }

    /** Another model on this one's device; the caller closes it. */
    public LoadedModel another(Path other, LoadOptions how) {
        return load(torch(), other, how, Boundary.REFUSE);
    }

    /** Another model on this one's device that encodes as this one does; the caller closes it. */
    public LoadedModel anotherLike(Path other, LoadOptions how) {
        return load(torch(), other, how, boundary);
    }

    /** A second model that is as this one was loaded and has its weights of now; the caller closes it. */
    public LoadedModel twin() {
        LoadedModel twin = another(directory, options);
        try {
            twin.model.copyWeightsFrom(model);
            twin.model.follow(model, 0); // an adapter too
            return twin;
        } catch (RuntimeException e) {
            twin.close();
            throw e;
        }
    }

    private LoadOptions frozenOptions() {
        return new LoadOptions(model.parameters().forwardPrecision(), false);
    }

    /**
     * A frozen model that this one is compared with, as it is in its directory: without the adapter that was merged into this
     * one. The caller closes it.
     *
     * @throws ConfigurationException if it has another vocabulary
     */
    public LoadedModel reference(Path other) {
        LoadedModel loaded = another(other, frozenOptions());
        int expected = model.config().vocabSize();
        int found = loaded.model.config().vocabSize();
        if (found != expected) {
            loaded.close();
            throw new ConfigurationException("ref_model: expected a vocabulary of " + expected
                    + " tokens, the student's, found " + found + " in " + other);
        }
        return loaded;
    }

    /**
     * As {@link #reference}, to be moved towards this model.
     *
     * @throws ConfigurationException if its weights have other shapes, too
     */
    public LoadedModel movingReference(Path other) {
        LoadedModel loaded = reference(other);
        if (!shapes(loaded.model).equals(shapes(model))) {
            loaded.close();
            throw new ConfigurationException("ref_model: expected weights of the student's shapes where the reference"
                    + " follows it, found others in " + other);
        }
        return loaded;
    }

    private static List<Shape> shapes(LanguageModel model) {
        return model.parameters().blocks().stream()
                .map(block -> block.values().getShape())
                .toList();
    }

    /** A frozen copy of this model as it is now, whose weights are trained; the caller closes it. */
    public LoadedModel frozen() {
        LoadOptions plain = frozenOptions();
        LoadedModel frozen =
                another(directory, options.adapter() == null ? plain : plain.withAdapter(options.adapter()));
        try {
            frozen.model.copyWeightsFrom(model); // they may have changed since they were read
            return frozen;
        } catch (RuntimeException e) {
            frozen.close();
            throw e;
        }
    }

    /** The files beside its weights: its adapter's, else the directory's. */
    public ModelFiles files() {
        return options.files(directory);
    }

    /** What it is on. */
    public Torch torch() {
        return model.parameters().torch();
    }

    /**
     * The tokens of prompts.
     *
     * @throws DataException naming one that leaves no room for an answer in the model's context
     */
    public List<int[]> promptIds(List<Prompt> prompts) {
        int context = model.config().maxPositionEmbeddings();
        List<int[]> ids = new ArrayList<>();
        for (Prompt prompt : prompts) {
            int[] encoded = encoder.prompt(prompt);
            if (encoded.length < 1 || encoded.length >= context) {
                throw new DataException("prompt " + ids.size() + " (0-based): expected 1 to " + (context - 1)
                        + " tokens, cot and tools included, for a context of " + context + ", found " + encoded.length);
            }
            ids.add(encoded);
        }
        return ids;
    }

    /**
     * Whether its answers are drawn from the distribution that its forward passes give; false where {@code rollout_dtype} rounds its
     * weights, or passes are in float32 and generation is not.
     */
    public boolean samplesItself() {
        return options.forward() == options.precision() && options.decode().samplesModel(options.precision());
    }

    /** Samples its answers. */
    public Generator generator() {
        return generator(model);
    }

    /** Samples the answers of a copy of it. */
    Generator generator(LanguageModel copy) {
        Generator generator = new Generator(copy, tokenizer, GenerationLimits.DEFAULT.with(options.decode()));
        return tools == null ? generator : generator.with(tools);
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
