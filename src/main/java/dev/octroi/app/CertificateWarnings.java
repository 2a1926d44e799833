package dev.octroi.app;

import dev.octroi.rsp.cert.Revocations;
import dev.octroi.rsp.cert.TrustedIssuer;
import dev.octroi.rsp.identity.LoadedIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is about to run out among the certificates of the SM-DP+. */
final class CertificateWarnings {
    private static final Duration AHEAD = Duration.ofDays(30);

    private CertificateWarnings() {}

    static List<String> of(LoadedIdentity loaded, Instant now) {
        List<String> warnings = new ArrayList<>();
        loaded.over().forEach(each -> warnings.add("cards of a CI are not served: " + each.why()));
        for (LoadedIdentity.Entry entry : loaded.entries()) {
            Instant end = entry.certificate().notAfter();
            if (end.isBefore(now.plus(AHEAD))) {
                warnings.add("the %s certificate under CI %s %s on %s"
                        .formatted(entry.role(), entry.issuer(), end.isBefore(now) ? "ended" : "ends", end));
            }
        }
        for (TrustedIssuer issuer : loaded.issuers()) {
            Revocations revocations = issuer.revocations();
            String what = switch (revocations.freshnessAt(now)) {
                case UNLISTED, FRESH -> "";
                case OVERDUE -> "is overdue; after the grace period its cards will be refused";
                case STALE -> "is too old; its cards are refused";
            };
            if (!what.isEmpty()) {
                warnings.add("the revocation list of CI %s %s".formatted(LoadedIdentity.hex(issuer.keyId()), what));
            }
        }
        return List.copyOf(warnings);
    }
}
