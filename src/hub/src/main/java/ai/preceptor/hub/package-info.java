/**
 * Models and data sets by the names they have on the Hugging Face Hub.
 *
 * <p><b>Takes</b> names such as {@code org/name@revision}, and where cache, server and token are ({@link
 * ai.preceptor.hub.HubSettings}). <b>Gives</b> paths in a cache of the layout that Python's huggingface_hub reads and writes:
 * {@code models--org--name/{refs,blobs,snapshots}}. What is in the cache needs no network; what is not is downloaded, resumed
 * where it broke off, and checked by size and digest. <b>Leaves to others</b> what the files contain.
 */
@NullMarked
package ai.preceptor.hub;

import org.jspecify.annotations.NullMarked;
