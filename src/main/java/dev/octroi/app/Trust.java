package dev.octroi.app;

import dev.octroi.pki.ClientTls;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.PartnerTrust;
import dev.octroi.pki.ServerTls;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.pki.TrustDomain;
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

/** The certificates of all trust domains and the TLS settings of the listeners that follow from them. */
record Trust(
        DevPki pki,
        GsmaTestPki gsma,
        PartnerTrust partners,
        ServerTls publicTls,
        ServerTls deviceTls,
        ServerTls operatorTls,
        ClientTls callbackTls) {

    /**
     * Opens or makes all certificates.
     *
     * @param smdpAddress the address in activation codes; its host goes into the TLS certificate of the SM-DP+
     */
    static Trust open(Path dataDirectory, Optional<String> smdpAddress, InstantSource clock, SecureRandom random)
            throws IOException, GeneralSecurityException {
        DevPki pki = DevPki.ensure(dataDirectory.resolve("pki"), clock, random);
        GsmaTestPki gsma =
                GsmaTestPki.open(dataDirectory.resolve("pki").resolve("gsma"), smdpHosts(smdpAddress), clock, random);
        PartnerTrust partners = PartnerTrust.load(pki.trust(TrustDomain.NETWORK, TrustDomain.SM_DP), clock);
        TlsFiles device = new TlsFiles(
                gsma.material().tlsCertificateFile(), gsma.material().tlsKeyFile());
        return new Trust(
                pki,
                gsma,
                partners,
                ServerTls.server(() -> TlsMaterial.read(pki.publicServer(), clock)),
                ServerTls.server(() -> TlsMaterial.read(device, clock)),
                ServerTls.mutual(() -> TlsMaterial.read(pki.operatorServer(), clock), partners),
                ClientTls.partner(() -> TlsMaterial.read(pki.callbackClient(), clock), partners));
    }

    private static List<String> smdpHosts(Optional<String> smdpAddress) {
        Set<String> hosts = new LinkedHashSet<>();
        smdpAddress.ifPresent(address -> hosts.add(address.replaceFirst(":[0-9]+$", "")));
        hosts.addAll(List.of("localhost", "127.0.0.1"));
        return List.copyOf(hosts);
    }

    /** Towards webhooks: the public authorities, and in development also our own public one. */
    ClientTls webhookTls(boolean development) throws IOException, GeneralSecurityException {
        return ClientTls.webhook(
                development ? Optional.of(pki.domain(TrustDomain.PUBLIC).rootFile()) : Optional.empty());
    }

    /** Reads our own certificates again and signs revocation lists that grow old. */
    void refresh() throws IOException, GeneralSecurityException {
        pki.keepFresh();
        callbackTls.refresh();
    }
}
