package ai.preceptor.cli.command.elicit;

import ai.preceptor.teacher.elicit.AnswerSampler;

/** A sampler with something to close. */
interface OpenSampler extends AnswerSampler, AutoCloseable {
    @Override
    void close();
}
