package dev.octroi.cli;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.euicc.CardLock;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaException;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.StoredCard;
import dev.octroi.rsp.euicc.VirtualEuicc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that talk to a server. */
final class LpaOptions {
    @Mixin
    private EuiccOptions card = new EuiccOptions();

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "Connect here instead of the address in the activation code.")
    private @Nullable URI endpoint;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "PEM or DER certificate to trust for TLS besides the CIs of the card. May be repeated.")
    private List<Path> tlsCa = new ArrayList<>();

    @Option(
            names = "--insecure-tls",
            description = "Check neither TLS certificate nor host name: whoever is on the line can pose as the server.")
    private boolean insecure;

    @Option(
            names = "--lenient",
            description = "Do not ask for content type, X-Admin-Protocol and policy of the TLS certificate.")
    private boolean lenient;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "For connecting and for each answer (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(names = "--asn1", description = "Speak the ASN.1 binding of ES9+ instead of JSON.")
    private boolean asn1;

    /** Something done with the LPA of the card. */
    interface Action {
        void run(Lpa lpa) throws LpaException, IOException;
    }

    EuiccOptions card() {
        return card;
    }

    /** Locks and reads the card and acts; the card is written before each step to a server and at the end. */
    int withLpa(Action action) throws IOException {
        return card.run(() -> {
            try (CardLock lock = card.lock()) {
                requireNonNull(lock, "lock is null");
                VirtualEuicc euicc = card.load();
                try (Lpa lpa = new Lpa(euicc, tls(euicc), settings(euicc))) {
                    action.run(lpa.observedBy(step -> write(euicc)));
                } finally {
                    write(euicc);
                }
                return 0;
            } catch (UncheckedIOException e) {
                throw new IOException("the card could not be written: " + e.getMessage(), e);
            }
        });
    }

    private void write(VirtualEuicc euicc) {
        try {
            StoredCard.write(card.file(), euicc.state());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LpaSettings settings(VirtualEuicc euicc) {
        LpaSettings settings = LpaSettings.standard()
                .speaking(euicc.facts().specVersion())
                .waiting(Duration.ofSeconds(Math.clamp(timeoutSeconds, 1, 600)));
        if (endpoint != null) {
            settings = settings.withEndpoint(endpoint);
        }
        if (asn1) {
            settings = settings.inAsn1();
        }
        return lenient || insecure ? settings.lenient() : settings;
    }

    private SSLContext tls(VirtualEuicc euicc) throws IOException {
        if (insecure) {
            card.remark("TLS is not verified (--insecure-tls).");
            return LpaTrust.ofAnybody();
        }
        List<byte[]> all = new ArrayList<>(euicc.ciCertificates());
        for (Path file : tlsCa) {
            try {
                all.add(CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)))
                        .getEncoded());
            } catch (CertificateException e) {
                throw new IOException("not a certificate: " + file, e);
            }
        }
        return LpaTrust.of(all);
    }
}
