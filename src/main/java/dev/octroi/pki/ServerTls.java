package dev.octroi.pki;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The TLS settings of one listener, for its start and for every reload. Vert.x replaces all settings at a reload and
 * leaves out what is not given again, client authentication included: therefore one method, {@link #configure}, writes
 * all of them in both cases.
 */
public final class ServerTls {
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");
    /** Those with RSA are for a key that is none of ours: without them such a listener would speak to TLS 1.3 only. */
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");

    private static final int HANDSHAKE_TIMEOUT_SECONDS = 5;

    private final Material material;
    private final @Nullable PartnerTrust partners;
    private volatile @Nullable TlsMaterial shown;

    /** Where the listener's certificate comes from, asked at start and at each reload. */
    @FunctionalInterface
    public interface Material {
        /** Reads the present chain and key; called off the event loop. */
        TlsMaterial read() throws IOException, GeneralSecurityException;
    }

    private ServerTls(Material material, @Nullable PartnerTrust partners) {
        this.material = Objects.requireNonNull(material, "material");
        this.partners = partners;
    }

    /** A listener that shows its certificate and asks for none: bearer tokens, pages, ES9+. */
    public static ServerTls server(Material material) {
        return new ServerTls(material, null);
    }

    /** A listener that lets in nobody without a partner's certificate. */
    public static ServerTls mutual(Material material, PartnerTrust partners) {
        return new ServerTls(material, Objects.requireNonNull(partners, "partners"));
    }

    /**
     * Settings of the JDK that are read once, when TLS is first used: no renegotiation by the client, no stateless
     * tickets (a resumed session skips the check of the chain, and ours last a day otherwise), the curves we mean. To
     * be called before anything else uses TLS.
     */
    public static void hardenJdk() {
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        System.setProperty("jdk.tls.server.enableSessionTicketExtension", "false");
        System.setProperty("jdk.tls.namedGroups", "secp256r1,x25519,secp384r1");
    }

    /** Writes the TLS settings into those of a listener that is about to start. */
    public HttpServerOptions applyTo(HttpServerOptions options) throws IOException, GeneralSecurityException {
        options.setSsl(true).setUseAlpn(true);
        TlsMaterial now = material.read();
        configure(Objects.requireNonNull(options.getSslOptions(), "TLS is on"), now);
        shown = now;
        return options;
    }

    /**
     * Reads certificate, anchors and revocation lists again and gives them to a running listener. Connections that are
     * open stay; new handshakes see the new settings. On failure the old settings stay.
     */
    public Future<Void> reload(HttpServer server) {
        Future<Void> lists = reloadPartners();
        return reloadCertificate(server).compose(reloaded -> lists);
    }

    /**
     * Reads anchors and revocation lists again, and the certificate; the listener is given new settings only when the
     * certificate changed. To be called every half minute from a worker thread.
     */
    public Future<Void> refresh(HttpServer server) {
        Future<Void> lists = reloadPartners();
        try {
            return (material.read().sameAs(shown) ? Future.<Void>succeededFuture() : reloadCertificate(server))
                    .compose(refreshed -> lists);
        } catch (IOException | GeneralSecurityException e) {
            return Future.failedFuture(e);
        }
    }

    /** When the certificate that is shown ends; empty before the listener starts. */
    public Optional<Instant> ends() {
        return Optional.ofNullable(shown).map(TlsMaterial::ends);
    }

    /** A spoilt list keeps no certificate from being shown, nor the other way round. */
    private Future<Void> reloadPartners() {
        try {
            if (partners != null) {
                partners.reload();
            }
            return Future.succeededFuture();
        } catch (IOException | GeneralSecurityException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Void> reloadCertificate(HttpServer server) {
        try {
            ServerSSLOptions options = new ServerSSLOptions();
            TlsMaterial now = material.read();
            configure(options, now);
            return server.updateSSLOptions(options, true)
                    .onSuccess(taken -> shown = now)
                    .mapEmpty();
        } catch (IOException | GeneralSecurityException e) {
            return Future.failedFuture(e);
        }
    }

    private void configure(ServerSSLOptions options, TlsMaterial now) throws GeneralSecurityException {
        options.setUseAlpn(true)
                .setApplicationLayerProtocols(List.of("h2", "http/1.1"))
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setSslHandshakeTimeout(HANDSHAKE_TIMEOUT_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(now.chainPem()))
                        .setKeyValue(Buffer.buffer(now.keyPem())));
        SUITES.forEach(options::addEnabledCipherSuite);
        if (partners == null) {
            options.setClientAuth(ClientAuth.NONE);
        } else {
            options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(TrustOptions.wrap(partners));
        }
    }
}
