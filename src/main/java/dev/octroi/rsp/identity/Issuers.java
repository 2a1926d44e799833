package dev.octroi.rsp.identity;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.cert.RspCertificate;
import dev.octroi.rsp.cert.RspRole;
import dev.octroi.rsp.cert.TrustedIssuer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The certificate issuers in a folder, with the revocation lists that are theirs. A root that was issued again with the
 * same key (as that of SGP.26 in 2020) is one issuer; the certificate that ends last stands for it.
 */
final class Issuers {
    private final List<TrustedIssuer> all;

    Issuers(FolderContent content, Duration grace, Instant now, List<String> complaints) {
        Map<ByteBuffer, TrustedIssuer> roots = new LinkedHashMap<>();
        for (RspCertificate certificate : content.certificates()) {
            if (!certificate.hasRole(RspRole.CI) || !certificate.isValidAt(now)) {
                continue;
            }
            try {
                TrustedIssuer root = TrustedIssuer.of(certificate.der(), null);
                roots.merge(root.keyId(), root, Issuers::later);
            } catch (MalformedTlvException notOne) {
                // Test sets hold roots that are bad on purpose.
            }
        }
        List<TrustedIssuer> complete = new ArrayList<>();
        for (TrustedIssuer root : roots.values()) {
            try {
                complete.add(
                        TrustedIssuer.of(root.certificate().der(), root.ownLists(content.revocationLists()), grace));
            } catch (MalformedTlvException e) {
                complaints.add(root + ": " + e.getMessage());
            }
        }
        this.all = List.copyOf(complete);
    }

    private static TrustedIssuer later(TrustedIssuer a, TrustedIssuer b) {
        return b.certificate().notAfter().isAfter(a.certificate().notAfter()) ? b : a;
    }

    List<TrustedIssuer> all() {
        return all;
    }
}
