/**
 * Charts in a page of HTML, and as files: SVG that needs no script and no network.
 *
 * <p>Takes: lines over two axes, see {@link ai.preceptor.cli.chart.Curve}. Gives: a figure with axes, lines, bands and a
 * legend, and {@link ai.preceptor.cli.chart.Html}, in which no text can become markup. Leaves to others: what to draw.
 */
@NullMarked
package ai.preceptor.cli.chart;

import org.jspecify.annotations.NullMarked;
