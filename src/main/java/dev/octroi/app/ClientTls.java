package dev.octroi.app;

import dev.octroi.pki.DevPki;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** TLS of the connections that the gateway opens itself. */
final class ClientTls {
    private ClientTls() {}

    /** Towards networks and operators: our client certificate, and only their authorities are believed. */
    static HttpClientOptions partner(DevPki pki) throws IOException, GeneralSecurityException {
        TlsFiles own = pki.callbackClient();
        return new HttpClientOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(own.chain().toString())
                        .setKeyPath(own.key().toString()))
                .setTrustOptions(roots(pki, TrustDomain.NETWORK, TrustDomain.SM_DP));
    }

    /**
     * Towards resellers' webhooks: no certificate of ours; the public authorities of the JDK, and in development also
     * our own public one.
     */
    static HttpClientOptions webhook(DevPki pki, boolean development) {
        HttpClientOptions options = new HttpClientOptions().setSsl(true);
        return development ? options.setTrustOptions(roots(pki, TrustDomain.PUBLIC)) : options;
    }

    private static PemTrustOptions roots(DevPki pki, TrustDomain... domains) {
        PemTrustOptions trust = new PemTrustOptions();
        for (TrustDomain domain : domains) {
            trust.addCertPath(pki.domain(domain).rootFile().toString());
        }
        return trust;
    }
}
