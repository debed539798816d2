package ai.preceptor.remote;

import ai.preceptor.RankOptions;
import ai.preceptor.StudentSummary;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.run.HeldOutRows;
import ai.preceptor.run.Stage;
import ai.preceptor.tinker.TinkerModel;
import ai.preceptor.tinker.TinkerReference;
import ai.preceptor.tinker.TinkerService;
import ai.preceptor.tinker.TinkerSettings;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Objective;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainSummary;
import ai.preceptor.train.model.LogprobObjective;
import ai.preceptor.train.reference.PrecomputedReference;
import ai.preceptor.train.reference.Reference;
import ai.preceptor.train.reference.ReferenceCache;
import ai.preceptor.train.rows.Packer;
import ai.preceptor.train.rows.TrainingRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A student that a service with the Tinker API trains by a LoRA adapter of all linear modules, with {@code lora_alpha} 32. Of its
 * directory the configuration, tokenizer and chat template are read; the weights are the service's.
 */
public final class RemoteStudent implements AutoCloseable {
    private static final String PROBE = "The quick brown fox jumps over the lazy dog.";

    private final Tokenizer tokenizer;
    private final TemplateEncoder encoder;
    private final TinkerService service;
    private final TinkerModel model;
    private final TrainConfig config;

    private RemoteStudent(
            Tokenizer tokenizer,
            TemplateEncoder encoder,
            TinkerService service,
            TinkerModel model,
            TrainConfig config) {
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.service = service;
        this.model = model;
        this.config = config;
    }

    /**
     * Begins a session with a service and finds out whether it follows derivatives and gives its adapter away.
     *
     * @param directory with configuration, tokenizer and chat template of the model that the service has
     * @param settings with an address
     * @param rank of the adapter, 1 or more
     * @param config of all training
     * @param interrupt ends the wait for a service that is not reached
     * @throws ConfigurationException naming what the service lacks
     * @throws ai.preceptor.data.TeacherException if it fails, or is not reached
     */
    public static RemoteStudent open(
            Path directory,
            Boundary boundary,
            TinkerSettings settings,
            int rank,
            TrainConfig config,
            Interrupt interrupt) {
        Tokenizer tokenizer = Tokenizer.load(directory);
        try {
            TemplateEncoder encoder = TemplateEncoder.load(directory, tokenizer, boundary);
            TinkerService service = TinkerService.open(settings, interrupt::isRequested);
            try {
                int[] probe = tokenizer.encodePlain(PROBE);
                TinkerModel model = TinkerModel.open(service, directory, rank, config, probe);
                return new RemoteStudent(tokenizer, encoder, service, model, config);
            } catch (RuntimeException e) {
                service.close();
                throw e;
            }
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /**
     * Learns from preferences, rankings or labeled answers, as {@link ai.preceptor.Student#rank(List, List, Objective, RankOptions,
     * TrainConfig, LoopSetting)} does. The reference is the untrained model on the service.
     *
     * @throws ConfigurationException when the loss needs more than log-probabilities, or another reference
     */
    public <R> StudentSummary rank(
            List<R> rows, List<R> heldOut, Objective<R> objective, RankOptions options, LoopSetting setting) {
        if (options.refModel() != null || options.sync() != null) {
            throw new ConfigurationException((options.sync() != null ? "sync_ref_model" : "ref_model")
                    + ": expected none with learner_url, whose reference is the untrained model on the service");
        }
        Objective<R> known = new LogprobObjective<>(objective);
        if (!known.needsReference()) {
            return new StudentSummary(train(known, null, rows, heldOut, known.in(setting)));
        }
        List<R> learnt = options.precompute() ? new ArrayList<>(rows) : rows;
        List<R> measured = options.precompute() ? new ArrayList<>(heldOut) : heldOut;
        try (TinkerReference frozen = model.reference()) {
            Reference<R> reference = options.precompute()
                    ? precomputed(known, learnt, measured, options.referenceCache(), frozen)
                    : (some, batch) -> frozen.logprobs(batch);
            return new StudentSummary(train(known, reference, learnt, measured, known.in(setting)));
        }
    }

    private <R> Reference<R> precomputed(
            Objective<R> objective, List<R> learnt, List<R> measured, @Nullable Path cache, TinkerReference frozen) {
        Packer<R> packer = (row, into) -> objective.pack(row, encoder, into);
        List<R> all = new ArrayList<>(learnt);
        all.addAll(measured);
        List<R> fitting = TrainingRows.measure(all, packer, config.maxLength(), config.overLength())
                .rows();
        return cache == null
                ? PrecomputedReference.compute(fitting, packer, config.batchSize(), frozen)
                : new ReferenceCache(cache).reference(fitting, packer, config.batchSize(), model.fingerprint(), frozen);
    }

    /**
     * Trains on rows, as {@link ai.preceptor.Student#train(Objective, Reference, List, List, TrainConfig, LoopSetting)} does.
     *
     * @param reference the frozen model that {@code objective} compares with, if it does
     * @throws ConfigurationException when the loss needs more than log-probabilities
     */
    public <R> TrainSummary train(
            Objective<R> objective,
            @Nullable Reference<R> reference,
            List<R> rows,
            List<R> heldOut,
            LoopSetting setting) {
        Objective<R> known = new LogprobObjective<>(objective);
        HeldOutRows<R> evaluator = HeldOutRows.ifAny(
                heldOut, HeldOutRows.of(model::inspect, encoder, known, reference), config, setting.interrupt());
        return new Stage<>(new ObjectivePass<>(model, encoder, known, reference), model, config)
                .run(rows, setting.evaluatedBy(evaluator));
    }

    @Override
    public void close() {
        model.close();
        service.close();
        tokenizer.close();
    }
}
