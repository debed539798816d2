/**
 * Names of models and data sets on the Hub in the place of paths.
 *
 * <p><b>Takes</b> what a configuration writes under keys of paths. <b>Gives</b> paths in the local Hugging Face cache, after
 * everything else of the configuration was found right. <b>Leaves to others</b> the download ({@code ai.preceptor.hub}).
 */
@NullMarked
package ai.preceptor.cli.hub;

import org.jspecify.annotations.NullMarked;
