package dev.octroi.pki;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's own certificate as a client, replaceable while it runs: JSSE asks for an alias first and for chain and key
 * by it afterwards, so the material before the last change stays reachable under its alias.
 */
final class ReloadingKey extends X509ExtendedKeyManager {
    private static final Logger log = LoggerFactory.getLogger(ReloadingKey.class);

    private final ServerTls.Material source;
    private volatile @Nullable Held held;

    private record Held(
            String alias, TlsMaterial material, @Nullable Held former) {
        @Nullable
        TlsMaterial by(String wanted) {
            if (alias.equals(wanted)) {
                return material;
            }
            return former != null && former.alias.equals(wanted) ? former.material : null;
        }
    }

    ReloadingKey(ServerTls.Material source) throws IOException, GeneralSecurityException {
        this.source = source;
        this.held = first(source);
    }

    /** A certificate that has ended opens no connection of ours, but it keeps nobody from calling us. */
    private static @Nullable Held first(ServerTls.Material source) throws IOException, GeneralSecurityException {
        try {
            return new Held("1", source.read(), null);
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            log.warn(
                    "our certificate as a client is out of date and is not shown until it is replaced: {}",
                    e.getMessage());
            return null;
        }
    }

    /** When the certificate that is shown ends; empty where none is. */
    Optional<Instant> ends() {
        return Optional.ofNullable(held).map(now -> now.material().ends());
    }

    /** Reads the material again; full handshakes from now on show it. */
    synchronized void refresh() throws IOException, GeneralSecurityException {
        Held now = held;
        TlsMaterial next = source.read();
        if (now == null) {
            held = new Held("1", next, null);
        } else if (!next.sameAs(now.material())) {
            String alias = Integer.toString(Integer.parseInt(now.alias()) + 1);
            held = new Held(alias, next, new Held(now.alias(), now.material(), null));
        }
    }

    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String @Nullable [] keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias();
    }

    private @Nullable String alias() {
        Held now = held;
        return now == null ? null : now.alias();
    }

    private @Nullable TlsMaterial by(String alias) {
        Held now = held;
        return now == null ? null : now.by(alias);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        TlsMaterial material = by(alias);
        return material == null ? null : material.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        TlsMaterial material = by(alias);
        return material == null ? null : material.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = alias();
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
