package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.SigningKeys;
import dev.octroi.pki.PartnerTrust;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import dev.octroi.secret.Keyring;
import dev.octroi.telemetry.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials that are read again while the gateway runs, when one of them is spoilt. */
class CredentialsTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final AtomicReference<Clock> clock = new AtomicReference<>(Clock.systemUTC());
    private final InstantSource time = () -> clock.get().instant();

    @TempDir
    Path data;

    @Test
    void spoiltCertificateOfOursFreezesNoListAndNoKey() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Trust trust = trust();
            SigningKeys keys = SigningKeys.open(data, time, RANDOM);
            Keyring keyring = Keyring.open(data, RANDOM);
            Credentials credentials = new Credentials(trust, new Listeners(vertx, RANDOM, 1), keys, keyring);
            List<X509Certificate> core =
                    chain(trust.pki().domain(TrustDomain.NETWORK).client("core"));
            assertThat(trust.partners().check(core)).isInstanceOf(PartnerTrust.Verdict.Trusted.class);

            Files.writeString(data.resolve("pki/operator/leaves/gateway-client.pem"), "spoilt");
            trust.pki().domain(TrustDomain.NETWORK).revoke("core");
            SigningKeys.open(data, time, RANDOM).rotate();
            Keyring.open(data, RANDOM).rotate(RANDOM, time.instant());
            credentials.refresh();

            assertThat(trust.partners().check(core)).isInstanceOf(PartnerTrust.Verdict.Refused.class);
            assertThat(keys.jwks().getJsonArray("keys")).hasSize(2);
            assertThat(keyring.kekIds()).containsOnlyKeys(1, 2);
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatRunsOutIsToldBefore() throws Exception {
        Trust trust = trust();
        trust.publicTls().applyTo(new HttpServerOptions());
        trust.operatorTls().applyTo(new HttpServerOptions());
        TlsWatch watch = new TlsWatch(trust, time);
        Metrics metrics = new Metrics();
        watch.meter(metrics.registry());
        assertThat(watch.warnings()).isEmpty();
        assertThat(value(metrics, "octroi_tls_certificate_expiry_seconds{use=\"callbacks\"}"))
                .isBetween(days(29), days(30));
        assertThat(value(metrics, "octroi_partner_crl_due_seconds{domain=\"network\"}"))
                .isBetween(days(6), days(7));

        clock.set(Clock.offset(Clock.systemUTC(), Duration.ofDays(25)));
        assertThat(watch.warnings())
                .anySatisfy(warning -> assertThat(warning).startsWith("the certificate for callbacks ends on"))
                .anySatisfy(warning -> assertThat(warning).contains("list of the domain network was due"));
        assertThat(value(metrics, "octroi_partner_crl_due_seconds{domain=\"network\"}"))
                .isNegative();
        metrics.close();
    }

    private Trust trust() throws Exception {
        return Trust.open(data, Settings.load(SettingsSource.empty().set("data.dir=" + data)), time, RANDOM);
    }

    private static double days(int days) {
        return Duration.ofDays(days).toSeconds();
    }

    private static double value(Metrics metrics, String series) {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static List<X509Certificate> chain(TlsFiles files) throws Exception {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(files.chain())))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }
}
