package dev.octroi.app;

import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaMaterial;
import dev.octroi.pki.gsma.GsmaTestPki;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The test PKI of this installation: one CI on each curve, with certificates of this server under both.
 *
 * @param folder where it lies, {@code <data.dir>/pki/gsma}
 * @param hosts names in the TLS certificate
 */
record GeneratedCertificates(Path folder, List<String> hosts, String oid, InstantSource clock, SecureRandom random) {

    static GeneratedCertificates in(
            Path dataDirectory, Optional<String> smdpAddress, String oid, InstantSource clock, SecureRandom random) {
        Set<String> hosts = new LinkedHashSet<>();
        smdpAddress.ifPresent(address -> hosts.add(address.replaceFirst(":[0-9]+$", "")));
        hosts.addAll(List.of("localhost", "127.0.0.1"));
        return new GeneratedCertificates(
                dataDirectory.resolve("pki").resolve("gsma"), List.copyOf(hosts), oid, clock, random);
    }

    /** Makes what is missing or has run out, and signs revocation lists anew that are past half of their life. */
    void ensure() throws IOException {
        for (GsmaCurve curve : GsmaCurve.values()) {
            GsmaTestPki.open(folder, curve, hosts, oid, clock, random);
        }
    }

    /** The TLS certificate under the CI on P-256. */
    TlsMaterial tls() throws IOException, GeneralSecurityException {
        GsmaMaterial material = GsmaTestPki.open(folder, GsmaCurve.P256, hosts, oid, clock, random)
                .material();
        return TlsMaterial.read(new TlsFiles(material.tlsCertificateFile(), material.tlsKeyFile()), clock);
    }
}
