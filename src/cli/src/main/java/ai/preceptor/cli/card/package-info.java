/**
 * Cards: the {@code README.md} of a model that was trained and of rows that were written, with the metadata that the Hugging
 * Face Hub reads.
 *
 * <p><b>Takes</b> a command's configuration, data files and figures. <b>Gives</b> Markdown in which nothing that users or other
 * people's files say can be markup, without paths of this machine. <b>Leaves to others</b> what was measured.
 */
@NullMarked
package ai.preceptor.cli.card;

import org.jspecify.annotations.NullMarked;
