package dev.octroi.app;

import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.cert.TrustedIssuer;
import dev.octroi.rsp.identity.CertificateFolder;
import dev.octroi.rsp.identity.LoadedIdentity;
import dev.octroi.rsp.identity.UnusableCertificatesException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The certificates of the SM-DP+ as a gateway with the same settings would use them; for commands.
 *
 * @param folder where they lie
 * @param oid of the server
 * @param rows one for each certificate in use
 * @param warnings what somebody should look at
 */
public record CertificateReport(String folder, String oid, List<Row> rows, List<String> warnings) {
    /**
     * One certificate.
     *
     * @param role CI, DPauth, DPpb or DPtls
     * @param curve of its key
     * @param keyId its subject key identifier in hexadecimal
     * @param issuer the key identifier of its CI in hexadecimal
     * @param listDue of a CI, when its next revocation list is due; empty when it publishes none
     */
    public record Row(
            String role,
            String curve,
            String keyId,
            String issuer,
            Instant notBefore,
            Instant notAfter,
            Optional<Instant> listDue) {}

    /**
     * Reads them, making what is generated and missing.
     *
     * @throws IOException when they cannot be read, or used
     */
    public static CertificateReport read(Settings settings) throws IOException {
        Clock clock = Clock.systemUTC();
        Path data = settings.dataDirectory().toAbsolutePath();
        GeneratedCertificates generated = GeneratedCertificates.in(
                data,
                settings.smdpAddress(),
                settings.certificates().oid().orElse(GsmaTestPki.SMDP_OID),
                clock,
                new SecureRandom());
        if (settings.certificates().folder().isEmpty()) {
            generated.ensure();
        }
        Path folder = settings.certificates().folder().orElse(generated.folder());
        try {
            LoadedIdentity loaded = new CertificateFolder(folder)
                    .load(
                            settings.certificates().oid(),
                            GsmaTestPki.SMDP_OID,
                            settings.certificates().crlGrace(),
                            clock.instant());
            List<String> warnings = new ArrayList<>(loaded.notes());
            warnings.addAll(CertificateWarnings.of(loaded, clock.instant()));
            return new CertificateReport(
                    folder.toString(),
                    loaded.oid(),
                    loaded.entries().stream().map(entry -> row(loaded, entry)).toList(),
                    List.copyOf(warnings));
        } catch (UnusableCertificatesException e) {
            throw new IOException("the certificates in " + folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static Row row(LoadedIdentity loaded, LoadedIdentity.Entry entry) {
        Optional<Instant> due = loaded.issuers().stream()
                .filter(issuer -> entry.role().equals("CI")
                        && LoadedIdentity.hex(issuer.keyId()).equals(entry.issuer()))
                .map(TrustedIssuer::revocations)
                .findFirst()
                .flatMap(revocations -> revocations.nextUpdate());
        return new Row(
                entry.role(),
                entry.certificate().curve().toString(),
                entry.keyId(),
                entry.issuer(),
                entry.certificate().notBefore(),
                entry.certificate().notAfter(),
                due);
    }
}
