package dev.octroi.rsp.identity;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.cert.RspCertificate;
import java.util.List;

/**
 * What the files of a folder hold.
 *
 * @param hash of all names and bytes: the same as long as nothing changed
 * @param certificates that can be read, in the order of file names
 * @param keys on the two curves of SGP.22
 * @param revocationLists in DER, unverified
 * @param broken files that begin like certificates or keys and end in the middle
 */
record FolderContent(
        String hash,
        List<RspCertificate> certificates,
        List<FoundKey> keys,
        List<byte[]> revocationLists,
        List<String> broken) {
    FolderContent {
        requireNonNull(hash, "hash is null");
        certificates = List.copyOf(certificates);
        keys = List.copyOf(keys);
        revocationLists = List.copyOf(revocationLists);
        broken = List.copyOf(broken);
    }
}
