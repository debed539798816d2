package ai.preceptor.hub;

/**
 * What the server says of a file.
 *
 * @param path in the repository
 * @param digest of its content, which names the blob
 * @param size in bytes; -1 if the server does not say
 */
record RemoteFile(String path, BlobDigest digest, long size) {}
