/**
 * How similar texts are, by their words.
 *
 * <p><b>Takes</b> texts. <b>Gives</b> ROUGE-L of two, and estimates of the Jaccard similarity of many, with an index that
 * finds near-duplicates without comparing all pairs. <b>Leaves to others</b>: what is done with similar rows ({@code
 * teacher.curate}, {@code teacher.prompts}).
 */
@NullMarked
package ai.preceptor.teacher.similarity;

import org.jspecify.annotations.NullMarked;
