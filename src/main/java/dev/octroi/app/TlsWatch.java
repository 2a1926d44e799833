package dev.octroi.app;

import dev.octroi.pki.PartnerTrust;
import dev.octroi.pki.TrustDomain;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** How long the certificates that the gateway shows and its partners' revocation lists still last. */
final class TlsWatch {
    private static final Duration AHEAD = Duration.ofDays(7);
    private static final int LAST_PART = 8;

    private final PartnerTrust partners;
    private final Map<String, Supplier<Optional<Instant>>> ends = new LinkedHashMap<>();
    private final InstantSource clock;

    TlsWatch(Trust trust, InstantSource clock) {
        this.partners = trust.partners();
        this.clock = clock;
        ends.put("public", trust.publicTls()::ends);
        ends.put("operator", trust.operatorTls()::ends);
        trust.outgoing().forEach((use, tls) -> ends.put(use, tls::ends));
    }

    /** The gauges {@code octroi_tls_certificate_expiry_seconds} and {@code octroi_partner_crl_due_seconds}. */
    void meter(MeterRegistry registry) {
        ends.forEach((use, end) -> TimeGauge.builder(
                        "octroi.tls.certificate.expiry", () -> seconds(end.get()), TimeUnit.SECONDS)
                .description("Time until a certificate that the gateway shows ends")
                .tag("use", use)
                .register(registry));
        domains()
                .forEach(domain -> TimeGauge.builder(
                                "octroi.partner.crl.due", () -> seconds(due(domain)), TimeUnit.SECONDS)
                        .description(
                                "Time until a revocation list of a domain has to be replaced; after it all are refused")
                        .tag("domain", domain.label())
                        .register(registry));
    }

    /** What somebody should do soon. */
    List<String> warnings() {
        Instant now = clock.instant();
        List<String> warnings = new ArrayList<>();
        ends.forEach((use, end) -> {
            Optional<Instant> when = end.get();
            if (when.isEmpty()) {
                warnings.add("the certificate for %s is out of date and not shown".formatted(use));
            } else if (when.get().isBefore(now.plus(AHEAD))) {
                warnings.add("the certificate for %s %s on %s"
                        .formatted(use, when.get().isBefore(now) ? "ended" : "ends", when.get()));
            }
        });
        for (PartnerTrust.Due due : partners.due()) {
            Duration lastPart = Duration.between(due.from(), due.until()).dividedBy(LAST_PART);
            if (due.until().isBefore(now.plus(lastPart))) {
                warnings.add("a revocation list of the domain %s %s due on %s"
                        .formatted(due.domain().label(), due.until().isBefore(now) ? "was" : "is", due.until()));
            }
        }
        return List.copyOf(warnings);
    }

    private Stream<TrustDomain> domains() {
        return partners.due().stream().map(PartnerTrust.Due::domain).distinct();
    }

    private Optional<Instant> due(TrustDomain domain) {
        return partners.due().stream()
                .filter(due -> due.domain() == domain)
                .map(PartnerTrust.Due::until)
                .min(Comparator.naturalOrder());
    }

    private double seconds(Optional<Instant> end) {
        return end.map(when -> (double) Duration.between(clock.instant(), when).toSeconds())
                .orElse(Double.NaN);
    }
}
