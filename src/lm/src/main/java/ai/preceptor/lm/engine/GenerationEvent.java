package ai.preceptor.lm.engine;

import ai.preceptor.lm.generate.GeneratedSample;
import ai.preceptor.lm.generate.GeneratedToken;

/** What happened to a sample during {@link EngineSession#step}. */
public sealed interface GenerationEvent {

    /** The request. */
    GenerationHandle handle();

    /** Which of its samples, from 0. */
    int sample();

    /**
     * A token was drawn; only of requests that are streamed.
     *
     * @param token what was drawn
     * @param text what is certain of the text now and was not before: never half a character, and nothing that may turn out
     *     to begin a stop string. Often empty. The pieces of a sample, joined with that of {@link Finished}, are its text
     */
    record Progress(GenerationHandle handle, int sample, GeneratedToken token, String text)
            implements GenerationEvent {}

    /**
     * A sample ended; nothing more comes of it. This or {@link Failed} comes once for every sample of every request that was
     * submitted, also when it was cancelled or its time was up.
     *
     * @param result all of it
     * @param text the last piece of a streamed text, which was held back; empty if the request is not streamed
     */
    record Finished(GenerationHandle handle, int sample, GeneratedSample result, String text)
            implements GenerationEvent {}

    /**
     * A sample cannot be completed; nothing more comes of it. A request fails as a whole: this comes for each of its samples
     * that has not ended. Other requests are not touched, except those whose tokens were computed in the same step, when that
     * threw.
     *
     * @param cause {@link ai.preceptor.lm.NotFiniteException} if the model's numbers are not finite, else what the step threw
     */
    record Failed(GenerationHandle handle, int sample, RuntimeException cause) implements GenerationEvent {}
}
