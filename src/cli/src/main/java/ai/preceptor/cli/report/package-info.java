/**
 * What a finished run looks like: {@code report.html}, one file that needs no network.
 *
 * <p>Takes: a {@link ai.preceptor.cli.report.ReportModel} that a recipe has filled. Gives: HTML with its style and
 * pictures inside. Every text is escaped, because answers of models are not to be trusted. Leaves to others: measuring.
 */
@NullMarked
package ai.preceptor.cli.report;

import org.jspecify.annotations.NullMarked;
