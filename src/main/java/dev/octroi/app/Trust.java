package dev.octroi.app;

import dev.octroi.pki.ClientTls;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.PartnerTrust;
import dev.octroi.pki.ServerTls;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.pki.TrustDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The certificates of all trust domains and the TLS settings of the listeners that follow from them. */
record Trust(
        DevPki pki,
        RspCertificates rsp,
        PartnerTrust partners,
        ServerTls publicTls,
        ServerTls deviceTls,
        ServerTls operatorTls,
        ServerTls chargingTls,
        ClientTls callbackTls,
        Optional<ClientTls> smdpTls) {

    /**
     * Opens or makes all certificates.
     *
     * @param settings with the address of the SM-DP+ and its certificates, and who else is trusted on ES2+
     */
    static Trust open(Path dataDirectory, Settings settings, InstantSource clock, SecureRandom random)
            throws IOException, GeneralSecurityException {
        DevPki pki = DevPki.ensure(dataDirectory.resolve("pki"), clock, random);
        RspCertificates rsp = RspCertificates.open(
                dataDirectory,
                settings.certificates(),
                settings.smdpAddress(),
                BuiltInRsp.address(settings),
                clock,
                random);
        PartnerTrust partners = PartnerTrust.load(partners(pki, settings.es2()), clock);
        return new Trust(
                pki,
                rsp,
                partners,
                ServerTls.server(() -> TlsMaterial.read(pki.publicServer(), clock)),
                ServerTls.server(rsp::tls),
                ServerTls.mutual(() -> TlsMaterial.read(pki.operatorServer(), clock), partners),
                // Each listener has settings of its own, because each notices by itself that a certificate changed.
                ServerTls.mutual(() -> TlsMaterial.read(pki.operatorServer(), clock), partners),
                ClientTls.partner(() -> TlsMaterial.read(pki.callbackClient(), clock), partners),
                settings.smdp().url().isPresent() ? Optional.of(smdp(pki, settings, clock)) : Optional.empty());
    }

    /** Towards another SM-DP+ that profiles are ordered from. */
    private static ClientTls smdp(DevPki pki, Settings settings, InstantSource clock)
            throws IOException, GeneralSecurityException {
        Settings.SmDpSettings wanted = settings.smdp();
        return ClientTls.server(
                () -> TlsMaterial.read(
                        wanted.certificate().isPresent() && wanted.key().isPresent()
                                ? new TlsFiles(
                                        wanted.certificate().get(), wanted.key().get())
                                : pki.callbackClient(),
                        clock),
                settings.es2().trust());
    }

    private static List<PartnerTrust.Source> partners(DevPki pki, Settings.Es2Settings es2) {
        List<PartnerTrust.Source> sources = new ArrayList<>(pki.trust(TrustDomain.NETWORK, TrustDomain.SM_DP));
        es2.trust().ifPresent(root -> sources.add(new PartnerTrust.Source(TrustDomain.SM_DP, root, es2.revocations())));
        return sources;
    }

    /** Towards webhooks: the public authorities, and in development also our own public one. */
    ClientTls webhookTls(boolean development) throws IOException, GeneralSecurityException {
        return ClientTls.webhook(
                development ? Optional.of(pki.domain(TrustDomain.PUBLIC).rootFile()) : Optional.empty());
    }

    /** What is used where the gateway is a client that shows a certificate, by whom it calls. */
    Map<String, ClientTls> outgoing() {
        Map<String, ClientTls> outgoing = new LinkedHashMap<>();
        outgoing.put("callbacks", callbackTls);
        smdpTls.ifPresent(tls -> outgoing.put("smdp", tls));
        return outgoing;
    }
}
