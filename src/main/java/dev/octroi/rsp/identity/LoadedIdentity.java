package dev.octroi.rsp.identity;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.cert.RspCertificate;
import dev.octroi.rsp.cert.TrustedIssuer;
import dev.octroi.rsp.session.ServerCredential;
import java.nio.ByteBuffer;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The certificates of this server, checked.
 *
 * @param hash of the files they come from
 * @param oid the registered identifier of this server
 * @param issuers whose cards are believed, at least one
 * @param credentials at least one, each under one of the issuers
 * @param tls what the ES9+ listener shows, when the files have it
 * @param notes what somebody should look at
 * @param over CIs under which the server has only certificates that have ended or are revoked
 */
public record LoadedIdentity(
        String hash,
        String oid,
        List<TrustedIssuer> issuers,
        List<ServerCredential> credentials,
        Optional<Tls> tls,
        List<String> notes,
        List<Over> over) {
    public LoadedIdentity {
        requireNonNull(hash, "hash is null");
        requireNonNull(oid, "oid is null");
        issuers = List.copyOf(issuers);
        credentials = List.copyOf(credentials);
        requireNonNull(tls, "tls is null");
        notes = List.copyOf(notes);
        over = List.copyOf(over);
    }

    /** CERT.DP.TLS with its key, on P-256. */
    public record Tls(RspCertificate certificate, PrivateKey key) {
        /** The certificate only. */
        @Override
        public String toString() {
            return "Tls[" + certificate + "]";
        }
    }

    /**
     * A CI whose cards are not served.
     *
     * @param issuerKeyId its key identifier
     * @param why which certificate, and what is the matter with it
     */
    public record Over(ByteBuffer issuerKeyId, String why) {}

    /**
     * One certificate in use.
     *
     * @param role such as {@code CI} or {@code DPauth}
     * @param issuer the key identifier of its CI, lower-case hexadecimal
     */
    public record Entry(String role, String issuer, RspCertificate certificate) {
        /** The key identifier of the certificate, lower-case hexadecimal; empty when it has none. */
        public String keyId() {
            return certificate.subjectKeyId().map(LoadedIdentity::hex).orElse("");
        }
    }

    /** Whether the files are the same and the same certificates were chosen: time alone may choose others. */
    public boolean isSameAs(LoadedIdentity other) {
        return hash.equals(other.hash)
                && entries().stream()
                        .map(entry -> ByteBuffer.wrap(entry.certificate().der()))
                        .toList()
                        .equals(other.entries().stream()
                                .map(entry ->
                                        ByteBuffer.wrap(entry.certificate().der()))
                                .toList());
    }

    /** All certificates in use. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (TrustedIssuer issuer : issuers) {
            entries.add(new Entry("CI", hex(issuer.keyId()), issuer.certificate()));
        }
        for (ServerCredential credential : credentials) {
            String issuer = hex(credential.issuerKeyId());
            entries.add(new Entry("DPauth", issuer, credential.authentication()));
            entries.add(new Entry("DPpb", issuer, credential.binding()));
        }
        tls.ifPresent(shown -> entries.add(new Entry(
                "DPtls",
                shown.certificate().authorityKeyId().map(LoadedIdentity::hex).orElse(""),
                shown.certificate())));
        return List.copyOf(entries);
    }

    /** A key identifier in lower-case hexadecimal. */
    public static String hex(ByteBuffer id) {
        byte[] bytes = new byte[id.remaining()];
        id.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
