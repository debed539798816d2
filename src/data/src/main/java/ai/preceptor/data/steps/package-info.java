/**
 * Answers in steps.
 *
 * <p><b>Takes</b> and <b>gives</b> rows with a verdict on each step. <b>Leaves to others</b>: reading them ({@code data.rows}),
 * learning from them ({@code reward.process}).
 */
@NullMarked
package ai.preceptor.data.steps;

import org.jspecify.annotations.NullMarked;
