package dev.octroi.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;

/**
 * The two authorities of one trust domain and what they issued, in one folder: {@code root.pem}, {@code root.crl},
 * {@code issuing.pem}, {@code issuing.crl}, their keys, and {@code leaves/NAME.pem} (the chain) with
 * {@code leaves/NAME.key}. The revocation list is also the register of what was revoked.
 *
 * <p>Where {@code root.pem} lies without its key the domain is issued elsewhere: nothing in the folder is then changed.
 */
public final class DomainAuthority {
    private static final Duration ROOT_LIFE = Duration.ofDays(3650);
    private static final Duration ISSUING_LIFE = Duration.ofDays(1825);
    private static final Duration CRL_LIFE = Duration.ofDays(7);
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final TrustDomain domain;
    private final Path folder;
    private final InstantSource clock;
    private final SecureRandom random;
    private final @Nullable Issuer root;
    private final @Nullable Issuer issuing;

    private DomainAuthority(
            TrustDomain domain,
            Path folder,
            InstantSource clock,
            SecureRandom random,
            @Nullable Issuer root,
            @Nullable Issuer issuing) {
        this.domain = domain;
        this.folder = folder;
        this.clock = clock;
        this.random = random;
        this.root = root;
        this.issuing = issuing;
    }

    /** What was issued under one name. */
    public record Issued(TrustDomain domain, String name, X509Certificate certificate, boolean revoked) {}

    /** Opens the folder of a domain and makes whatever is missing or about to expire. */
    static DomainAuthority ensure(TrustDomain domain, Path folder, InstantSource clock, SecureRandom random)
            throws IOException, GeneralSecurityException {
        Files.createDirectories(
                folder.resolve("leaves"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (Files.exists(folder.resolve("root.pem")) && Files.notExists(folder.resolve("root.key"))) {
            return new DomainAuthority(domain, folder, clock, random, null, null);
        }
        if (Files.notExists(folder.resolve("issuing.pem"))) {
            Instant now = clock.instant();
            Issuer root = Issuer.root(name("root", domain), now, ROOT_LIFE, random);
            Issuer issuing = root.issuing(name("issuing", domain), uriHost(domain), now, ISSUING_LIFE);
            save(folder, "root", root);
            save(folder, "issuing", issuing);
        }
        DomainAuthority authority = new DomainAuthority(
                domain, folder, clock, random, load(folder, "root", random), load(folder, "issuing", random));
        authority.keepFresh();
        return authority;
    }

    /** Signs revocation lists anew whose life is more than half over. */
    void keepFresh() throws IOException, GeneralSecurityException {
        refreshRevocations(CRL_LIFE.dividedBy(2));
    }

    /** The domain's root, the trust anchor of whoever trusts the domain (PEM file). */
    public Path rootFile() {
        return folder.resolve("root.pem");
    }

    /** The revocation lists of root and issuing CA (PEM files). */
    public List<Path> crlFiles() {
        return List.of(folder.resolve("root.crl"), folder.resolve("issuing.crl"));
    }

    /** A client certificate and its key, by the files they lie in; issued when missing, revoked or about to expire. */
    public TlsFiles client(String name) throws IOException, GeneralSecurityException {
        String uri = "spiffe://" + uriHost(domain) + "/" + name;
        return leaf(name, LeafProfile.CLIENT, List.of(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
    }

    /**
     * A server certificate and its key, by the files they lie in; issued when missing, revoked or about to expire.
     *
     * @param hosts DNS names and IP addresses, at least one
     */
    public TlsFiles server(String name, List<String> hosts) throws IOException, GeneralSecurityException {
        List<GeneralName> names = new ArrayList<>();
        for (String host : hosts) {
            boolean address = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
            names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host));
        }
        return leaf(name, LeafProfile.SERVER, names);
    }

    /** Revokes what is issued under a name; from the next look at the revocation list on it is refused. */
    public void revoke(String name) throws IOException, GeneralSecurityException {
        X509Certificate leaf = certificate(name);
        Issuer issuer = issuing();
        if (crl("issuing").getRevokedCertificate(leaf.getSerialNumber()) == null) {
            sign(issuer, "issuing", List.of(leaf.getSerialNumber()));
        }
    }

    /** Signs the revocation lists anew, with the same entries. */
    public void refreshRevocations() throws IOException, GeneralSecurityException {
        refreshRevocations(CRL_LIFE);
    }

    /** Everything that was issued, by name. */
    public List<Issued> list() throws IOException, GeneralSecurityException {
        X509CRL crl = crl("issuing");
        List<Issued> issued = new ArrayList<>();
        List<String> names;
        try (Stream<Path> files = Files.list(folder.resolve("leaves"))) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".pem"))
                    .map(file -> file.substring(0, file.length() - ".pem".length()))
                    .sorted()
                    .toList();
        }
        for (String name : names) {
            X509Certificate leaf = certificate(name);
            issued.add(new Issued(domain, name, leaf, crl.isRevoked(leaf)));
        }
        return issued;
    }

    private TlsFiles leaf(String name, LeafProfile profile, List<GeneralName> names)
            throws IOException, GeneralSecurityException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a name is lower-case letters, digits and dashes");
        }
        TlsFiles files =
                new TlsFiles(folder.resolve("leaves/" + name + ".pem"), folder.resolve("leaves/" + name + ".key"));
        boolean present = Files.exists(files.chain()) && Files.exists(files.key());
        if (present && (issuing == null || stillGood(certificate(name)))) {
            return files;
        }
        Issuer issuer = issuing();
        PublicKey subject;
        if (Files.exists(files.chain())
                && Files.exists(files.key())
                && !crl("issuing").isRevoked(certificate(name))) {
            // A renewal keeps the key: partners are known by the hash of it.
            subject = certificate(name).getPublicKey();
        } else {
            KeyPair keys = Issuer.newKeyPair(random);
            PemFile.writePrivate(
                    files.key(), PemFile.block("PRIVATE KEY", keys.getPrivate().getEncoded()));
            subject = keys.getPublic();
        }
        X500Principal subjectName = new X500Principal("CN=" + name + ",OU=" + domain.label() + ",O=Octroi development");
        X509Certificate leaf = issuer.leaf(subjectName, subject, profile, names, clock.instant());
        PemFile.writePublic(files.chain(), PemFile.certificate(leaf) + PemFile.certificate(issuer.certificate()));
        return files;
    }

    private Issuer issuing() {
        if (issuing == null) {
            throw new IllegalStateException("certificates of the domain " + domain.label() + " are issued elsewhere");
        }
        return issuing;
    }

    private boolean stillGood(X509Certificate leaf) throws IOException, GeneralSecurityException {
        Instant renewAt = leaf.getNotAfter().toInstant().minus(LeafProfile.LIFE.dividedBy(3));
        return clock.instant().isBefore(renewAt) && !crl("issuing").isRevoked(leaf);
    }

    private void refreshRevocations(Duration atLeast) throws IOException, GeneralSecurityException {
        if (root == null || issuing == null) {
            return;
        }
        for (Issuer issuer : List.of(root, issuing)) {
            String which = issuer == root ? "root" : "issuing";
            Path file = folder.resolve(which + ".crl");
            boolean fresh = Files.exists(file)
                    && crl(which)
                            .getNextUpdate()
                            .toInstant()
                            .isAfter(clock.instant().plus(atLeast));
            if (!fresh) {
                sign(issuer, which, List.of());
            }
        }
    }

    private void sign(Issuer issuer, String which, List<BigInteger> added)
            throws IOException, GeneralSecurityException {
        Path file = folder.resolve(which + ".crl");
        Set<? extends java.security.cert.X509CRLEntry> former =
                Files.exists(file) ? crl(which).getRevokedCertificates() : null;
        X509CRL next = issuer.revocations(former == null ? Set.of() : former, added, clock.instant(), CRL_LIFE);
        PemFile.writePublic(file, PemFile.block("X509 CRL", next.getEncoded()));
    }

    private X509CRL crl(String which) throws IOException, GeneralSecurityException {
        return PemFile.crl(PemFile.read(folder.resolve(which + ".crl")));
    }

    private X509Certificate certificate(String name) throws IOException, GeneralSecurityException {
        if (!NAME.matcher(name).matches() || Files.notExists(folder.resolve("leaves/" + name + ".pem"))) {
            throw new IllegalArgumentException("nothing was issued under this name");
        }
        return PemFile.certificates(PemFile.read(folder.resolve("leaves/" + name + ".pem")))
                .getFirst();
    }

    private static String uriHost(TrustDomain domain) {
        return domain.label() + ".octroi.test";
    }

    private static X500Principal name(String level, TrustDomain domain) {
        return new X500Principal("CN=Octroi development " + level + " " + domain.label() + ",O=Octroi development");
    }

    private static void save(Path folder, String which, Issuer issuer) throws IOException, GeneralSecurityException {
        PemFile.writePrivate(
                folder.resolve(which + ".key"),
                PemFile.block("PRIVATE KEY", issuer.key().getEncoded()));
        PemFile.writePublic(folder.resolve(which + ".pem"), PemFile.certificate(issuer.certificate()));
    }

    private static Issuer load(Path folder, String which, SecureRandom random)
            throws IOException, GeneralSecurityException {
        PrivateKey key = PemFile.privateKey(PemFile.read(folder.resolve(which + ".key")));
        X509Certificate certificate = PemFile.certificates(PemFile.read(folder.resolve(which + ".pem")))
                .getFirst();
        return new Issuer(certificate, key, random);
    }
}
