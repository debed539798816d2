package ai.preceptor;

import ai.preceptor.data.Demonstration;
import ai.preceptor.distill.RowViews;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.run.LoadedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes rows for the student and for teachers with tokens of their own, before those are loaded.
 *
 * @param student whose tokens the student's are
 * @param views how rows become tokens
 * @param tokenizers closed with this
 */
record TeacherEncoders(LoadedModel student, RowViews views, List<Tokenizer> tokenizers) implements AutoCloseable {

    static TeacherEncoders of(Distillation run) {
        List<Tokenizer> tokenizers = new ArrayList<>();
        List<PromptEncoder> encoders = new ArrayList<>();
        try {
            if (run.options().loss().comparesRanks()) {
                for (Path teacher : run.teachers()) {
                    Tokenizer tokenizer = Tokenizer.load(teacher);
                    tokenizers.add(tokenizer);
                    encoders.add(TemplateEncoder.load(
                            teacher, tokenizer, run.student().boundary()));
                }
            }
        } catch (RuntimeException e) {
            tokenizers.forEach(Tokenizer::close);
            throw e;
        }
        DistillOptions options = run.options();
        RowViews views =
                new RowViews(options.learnt(), options.mix(), options.context(), encoders, options.lmbda() > 0);
        return new TeacherEncoders(run.student(), views, tokenizers);
    }

    TokenRow encode(Demonstration row) {
        return views.encode(row, student.encoder());
    }

    @Override
    public void close() {
        tokenizers.forEach(Tokenizer::close);
    }
}
