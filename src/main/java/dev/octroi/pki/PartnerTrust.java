package dev.octroi.pki;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a certificate chain is one of our partners': a valid path (RFC 5280) to the root of a domain that the
 * listener trusts, a fresh revocation list of every authority on the path (none or a stale one refuses), and the rules of
 * {@link CertificateRules}.
 *
 * <p>It reads anchors and lists from one snapshot; {@link #reload} swaps it, without a new TLS context, and new handshakes
 * see it at once. TLS does not look again at a connection that is open or resumed: handlers ask {@link #check} once more.
 *
 * <p>It is a plain {@link X509TrustManager} on purpose: JSSE then adds its own checks of algorithms and, on the client
 * side, of the host name.
 */
public final class PartnerTrust implements X509TrustManager {
    private static final int MAX_CHAIN = 4;

    private final InstantSource clock;
    private volatile Snapshot snapshot;

    /** Where the root and the revocation lists of one trusted domain lie. */
    public record Source(TrustDomain domain, Path rootFile, List<Path> crlFiles) {
        public Source {
            Objects.requireNonNull(domain, "domain");
            crlFiles = List.copyOf(crlFiles);
        }
    }

    /** The outcome of a check. */
    public sealed interface Verdict {
        /** The chain is good and leads to the root of a domain. */
        record Trusted(TrustDomain domain, X509Certificate leaf) implements Verdict {}

        /** The chain is refused; the reason names no subject. */
        record Refused(String reason) implements Verdict {}
    }

    /** The anchors and lists of all sources, and those of each. */
    private record Snapshot(
            Map<X509Certificate, TrustDomain> anchors, List<X509CRL> crls, List<Loaded> loaded, long version) {}

    /** What was last good of a source. */
    private record Loaded(Source source, List<X509Certificate> anchors, List<X509CRL> crls) {}

    /** When a revocation list was signed, and when the next one is due. */
    public record Due(TrustDomain domain, Instant from, Instant until) {}

    private PartnerTrust(InstantSource clock, Snapshot first) {
        this.clock = clock;
        this.snapshot = first;
    }

    /** Loads the anchors and lists of the domains that a listener trusts. */
    public static PartnerTrust load(List<Source> sources, InstantSource clock)
            throws IOException, GeneralSecurityException {
        List<Loaded> loaded = new ArrayList<>();
        for (Source source : sources) {
            loaded.add(read(source));
        }
        return new PartnerTrust(clock, snapshot(loaded, 1));
    }

    /**
     * Reads the files again and swaps the snapshot when something changed. Of a source whose files cannot be read what was
     * read last stays, and the others are renewed all the same. Blocking, a few milliseconds.
     *
     * @throws GeneralSecurityException when one of the sources could not be read; the rest is in force
     */
    public synchronized void reload() throws IOException, GeneralSecurityException {
        Apart apart = new Apart();
        List<Loaded> loaded = new ArrayList<>();
        for (Loaded last : snapshot.loaded()) {
            apart.run(() -> loaded.add(read(last.source())), () -> loaded.add(last));
        }
        if (!loaded.equals(snapshot.loaded())) {
            snapshot = snapshot(loaded, snapshot.version() + 1);
        }
        apart.end();
    }

    /** The revocation lists that say when the next one is due. */
    public List<Due> due() {
        List<Due> due = new ArrayList<>();
        for (Loaded source : snapshot.loaded()) {
            for (X509CRL crl : source.crls()) {
                if (crl.getNextUpdate() != null) {
                    due.add(new Due(
                            source.source().domain(),
                            crl.getThisUpdate().toInstant(),
                            crl.getNextUpdate().toInstant()));
                }
            }
        }
        return due;
    }

    /** Counts the reloads; an earlier verdict holds only while this stays the same. */
    public long version() {
        return snapshot.version();
    }

    /** Checks a client's chain, end entity first, against the present snapshot and time. */
    public Verdict check(List<X509Certificate> chain) {
        return check(chain, LeafProfile.CLIENT);
    }

    @Override
    public void checkClientTrusted(X509Certificate @Nullable [] chain, String authType) throws CertificateException {
        enforce(chain, LeafProfile.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate @Nullable [] chain, String authType) throws CertificateException {
        enforce(chain, LeafProfile.SERVER);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return snapshot.anchors().keySet().toArray(X509Certificate[]::new);
    }

    private void enforce(X509Certificate @Nullable [] chain, LeafProfile profile) throws CertificateException {
        Verdict verdict = check(chain == null ? List.of() : Arrays.asList(chain), profile);
        if (verdict instanceof Verdict.Refused refused) {
            throw new CertificateException(refused.reason());
        }
    }

    private Verdict check(List<X509Certificate> chain, LeafProfile profile) {
        Snapshot now = snapshot;
        List<X509Certificate> path = new ArrayList<>(chain);
        if (!path.isEmpty() && now.anchors().containsKey(path.getLast())) {
            path.removeLast();
        }
        if (path.isEmpty() || path.size() > MAX_CHAIN) {
            return new Verdict.Refused("no certificate, or a chain that is too long");
        }
        Instant instant = clock.instant();
        X509Certificate anchor;
        try {
            anchor = validate(path, now, instant);
        } catch (GeneralSecurityException | RuntimeException e) {
            // Parsers throw unchecked exceptions on malformed parts; whatever it is, it is no valid path.
            return new Verdict.Refused(
                    "no valid path to a trusted root: " + e.getClass().getSimpleName());
        }
        Optional<String> broken = CertificateRules.leaf(path.getFirst(), profile.extendedKeyUsage())
                .or(() -> CertificateRules.anchor(anchor, instant));
        for (int i = 1; i < path.size() && broken.isEmpty(); i++) {
            broken = CertificateRules.authority(path.get(i), instant);
        }
        for (int i = 0; i < path.size() && broken.isEmpty(); i++) {
            broken = freshness(i + 1 < path.size() ? path.get(i + 1) : anchor, now.crls(), instant);
        }
        return broken.<Verdict>map(Verdict.Refused::new)
                .orElseGet(() ->
                        new Verdict.Trusted(Objects.requireNonNull(now.anchors().get(anchor)), path.getFirst()));
    }

    private static X509Certificate validate(List<X509Certificate> path, Snapshot now, Instant instant)
            throws GeneralSecurityException {
        Set<TrustAnchor> anchors = now.anchors().keySet().stream()
                .map(root -> new TrustAnchor(root, null))
                .collect(Collectors.toSet());
        CertPathValidator validator = CertPathValidator.getInstance("PKIX");
        PKIXRevocationChecker revocation = (PKIXRevocationChecker) validator.getRevocationChecker();
        revocation.setOptions(
                EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
        PKIXParameters parameters = new PKIXParameters(anchors);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(now.crls())));
        parameters.setDate(Date.from(instant));
        parameters.setRevocationEnabled(true);
        parameters.addCertPathChecker(revocation);
        PKIXCertPathValidatorResult result = (PKIXCertPathValidatorResult)
                validator.validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        return result.getTrustAnchor().getTrustedCert();
    }

    /** The path check forgives a quarter of an hour after nextUpdate; here a list is fresh or it is not. */
    private static Optional<String> freshness(X509Certificate issuer, List<X509CRL> crls, Instant instant) {
        for (X509CRL crl : crls) {
            if (crl.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                    && crl.getNextUpdate() != null
                    && !instant.isBefore(crl.getThisUpdate().toInstant())
                    && instant.isBefore(crl.getNextUpdate().toInstant())) {
                return Optional.empty();
            }
        }
        return Optional.of("no fresh revocation list of an authority on the path");
    }

    private static Loaded read(Source source) throws IOException, GeneralSecurityException {
        List<X509Certificate> anchors = PemFile.certificates(PemFile.read(source.rootFile()));
        if (anchors.isEmpty()) {
            throw new CertificateException("no trust anchor in the given files");
        }
        List<X509CRL> crls = new ArrayList<>();
        for (Path file : source.crlFiles()) {
            crls.add(crl(file));
        }
        return new Loaded(source, List.copyOf(anchors), List.copyOf(crls));
    }

    private static X509CRL crl(Path file) throws IOException, GeneralSecurityException {
        try {
            return PemFile.crl(PemFile.read(file));
        } catch (CRLException e) {
            throw new CRLException(file + ": " + e.getMessage(), e);
        }
    }

    private static Snapshot snapshot(List<Loaded> loaded, long version) throws CertificateException {
        Map<X509Certificate, TrustDomain> anchors = new LinkedHashMap<>();
        List<X509CRL> crls = new ArrayList<>();
        for (Loaded source : loaded) {
            source.anchors().forEach(root -> anchors.put(root, source.source().domain()));
            crls.addAll(source.crls());
        }
        if (anchors.isEmpty()) {
            throw new CertificateException("no trust anchor in the given files");
        }
        return new Snapshot(Map.copyOf(anchors), List.copyOf(crls), List.copyOf(loaded), version);
    }
}
