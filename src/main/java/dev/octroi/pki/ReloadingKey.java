package dev.octroi.pki;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's own certificate as a client, replaceable while it runs: JSSE asks for an alias first and for chain and key
 * by it afterwards, so the material before the last change stays reachable under its alias.
 */
final class ReloadingKey extends X509ExtendedKeyManager {
    private final ServerTls.Material source;
    private volatile Held held;

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
        this.held = new Held("1", source.read(), null);
    }

    /** Reads the material again; full handshakes from now on show it. */
    synchronized void refresh() throws IOException, GeneralSecurityException {
        Held now = held;
        TlsMaterial next = source.read();
        if (!next.sameAs(now.material())) {
            String alias = Integer.toString(Integer.parseInt(now.alias()) + 1);
            held = new Held(alias, next, new Held(now.alias(), now.material(), null));
        }
    }

    @Override
    public String chooseClientAlias(
            String @Nullable [] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return held.alias();
    }

    @Override
    public String chooseEngineClientAlias(
            String @Nullable [] keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return held.alias();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        TlsMaterial material = held.by(alias);
        return material == null ? null : material.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        TlsMaterial material = held.by(alias);
        return material == null ? null : material.key();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {held.alias()};
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
