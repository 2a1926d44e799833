package dev.octroi.pki;

import java.nio.file.Path;

/**
 * Where a certificate chain and its key lie.
 *
 * @param chain PEM, the end-entity certificate first, without the root
 * @param key PEM, PKCS#8, readable by its owner only
 */
public record TlsFiles(Path chain, Path key) {}
