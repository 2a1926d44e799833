package dev.octroi.pki;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The development PKI: for each {@link TrustDomain} a root, an issuing CA, their revocation lists and the gateway's own
 * certificates. It lets the whole product run on one machine with real TLS; in production the same files come from the
 * operator's own PKI, see {@code certs/README.md}.
 */
public final class DevPki {
    /** Under this name the gateway's own certificates are issued. */
    public static final String GATEWAY = "gateway";

    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    private final Map<TrustDomain, DomainAuthority> authorities;

    private DevPki(Map<TrustDomain, DomainAuthority> authorities) {
        this.authorities = authorities;
    }

    /**
     * Opens the PKI of a folder and makes what is missing, about to expire or revoked. Safe to call at each start and
     * from several processes at once.
     *
     * @param folder usually {@code <data>/pki}
     */
    public static synchronized DevPki ensure(Path folder, InstantSource clock, SecureRandom random)
            throws IOException, GeneralSecurityException {
        Objects.requireNonNull(clock, "clock");
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (FileChannel channel =
                FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Held until the channel closes; against other processes, as "synchronized" is against other threads.
            channel.lock();
            Map<TrustDomain, DomainAuthority> authorities = new EnumMap<>(TrustDomain.class);
            for (TrustDomain domain : TrustDomain.values()) {
                authorities.put(domain, DomainAuthority.ensure(domain, folder.resolve(domain.label()), clock, random));
            }
            DevPki pki = new DevPki(authorities);
            pki.publicServer();
            pki.operatorServer();
            pki.callbackClient();
            return pki;
        }
    }

    /** The authorities of one domain. */
    public DomainAuthority domain(TrustDomain domain) {
        return Objects.requireNonNull(authorities.get(domain), "domain");
    }

    /** The public listener's certificate, for loopback names. */
    public TlsFiles publicServer() throws IOException, GeneralSecurityException {
        return domain(TrustDomain.PUBLIC).server(GATEWAY, LOOPBACK);
    }

    /** The operator listener's certificate, for loopback names. */
    public TlsFiles operatorServer() throws IOException, GeneralSecurityException {
        return domain(TrustDomain.OPERATOR).server(GATEWAY, LOOPBACK);
    }

    /** The certificate that the gateway shows when it calls networks and operators back. */
    public TlsFiles callbackClient() throws IOException, GeneralSecurityException {
        return domain(TrustDomain.OPERATOR).client(GATEWAY + "-client");
    }

    /** Where anchors and revocation lists of domains lie, for {@link PartnerTrust}. */
    public List<PartnerTrust.Source> trust(TrustDomain... domains) {
        List<PartnerTrust.Source> sources = new ArrayList<>();
        for (TrustDomain domain : domains) {
            sources.add(new PartnerTrust.Source(
                    domain, domain(domain).rootFile(), domain(domain).crlFiles()));
        }
        return List.copyOf(sources);
    }

    /**
     * Signs revocation lists anew whose life is more than half over. To be called now and then while the gateway runs;
     * its certificates renew themselves when they are read.
     */
    public void keepFresh() throws GeneralSecurityException {
        Apart apart = new Apart();
        authorities.values().forEach(authority -> apart.run(authority::keepFresh));
        apart.end();
    }

    /** Signs every revocation list anew; to be called well within their seven days. */
    public void refreshRevocations() throws IOException, GeneralSecurityException {
        for (DomainAuthority authority : authorities.values()) {
            authority.refreshRevocations();
        }
    }
}
