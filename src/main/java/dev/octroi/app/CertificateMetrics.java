package dev.octroi.app;

import dev.octroi.rsp.cert.TrustedIssuer;
import dev.octroi.rsp.identity.LoadedIdentity;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** How long the certificates and revocation lists of the SM-DP+ still last. Tags name roles and issuers' keys. */
final class CertificateMetrics {
    private final RspCertificates certificates;
    private final InstantSource clock;
    private final MultiGauge expiry;
    private final MultiGauge lists;

    CertificateMetrics(RspCertificates certificates, InstantSource clock, MeterRegistry registry) {
        this.certificates = certificates;
        this.clock = clock;
        this.expiry = MultiGauge.builder("octroi.rsp.certificate.expiry")
                .description("Time until a certificate of the SM-DP+ or a CI runs out")
                .baseUnit("seconds")
                .register(registry);
        this.lists = MultiGauge.builder("octroi.rsp.crl.due")
                .description("Time until the next revocation list of a CI is due; negative when it is overdue")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("octroi.rsp.certificates.refused", certificates, each -> each.isRefusing() ? 1 : 0)
                .description("1 while the files in the folder are refused and an older set stays in use")
                .register(registry);
        refresh();
    }

    /** Takes the certificates that are in use now. */
    void refresh() {
        LoadedIdentity loaded = certificates.loaded();
        List<MultiGauge.Row<?>> ends = new ArrayList<>();
        for (LoadedIdentity.Entry entry : loaded.entries()) {
            Instant end = entry.certificate().notAfter();
            ends.add(MultiGauge.Row.of(Tags.of("role", entry.role(), "ci", entry.issuer()), () -> seconds(end)));
        }
        expiry.register(ends, true);
        List<MultiGauge.Row<?>> due = new ArrayList<>();
        for (TrustedIssuer issuer : loaded.issuers()) {
            issuer.revocations()
                    .nextUpdate()
                    .ifPresent(end -> due.add(
                            MultiGauge.Row.of(Tags.of("ci", LoadedIdentity.hex(issuer.keyId())), () -> seconds(end))));
        }
        lists.register(due, true);
    }

    private double seconds(Instant end) {
        return Duration.between(clock.instant(), end).toSeconds();
    }
}
