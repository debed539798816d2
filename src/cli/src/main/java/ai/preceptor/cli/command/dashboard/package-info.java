/**
 * The command that serves the live page.
 *
 * <p>Takes: its keys. Gives: a running server, until it is interrupted. Leaves to others: pages and files ({@link
 * ai.preceptor.dashboard}).
 */
@NullMarked
package ai.preceptor.cli.command.dashboard;

import org.jspecify.annotations.NullMarked;
