package dev.octroi.app;

import dev.octroi.pki.TlsMaterial;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.cert.RspCertificate;
import dev.octroi.rsp.identity.CertificateFolder;
import dev.octroi.rsp.identity.LoadedIdentity;
import dev.octroi.rsp.identity.UnusableCertificatesException;
import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.session.ServerCredential;
import dev.octroi.rsp.session.ServerIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of the built-in SM-DP+, replaceable while it runs. A change of the files is read whole into memory,
 * checked as a set and then takes the place of the old set at once; what does not hold together is refused, and the old
 * set stays. Credentials that are replaced end the sessions that began with them.
 */
final class RspCertificates implements Supplier<ServerIdentity> {
    private static final Logger log = LoggerFactory.getLogger(RspCertificates.class);

    private final GeneratedCertificates generated;
    private final CertificateFolder folder;
    private final Settings.CertificateSettings settings;
    private final String address;
    private final InstantSource clock;
    private final boolean ownFiles;
    private volatile Generation generation;
    private volatile @Nullable String refusal;

    /** A set in use; {@code retired} are credentials of sets before, each with the end of its last possible session. */
    private record Generation(LoadedIdentity loaded, TlsMaterial tls, ServerIdentity identity, List<Retired> retired) {}

    private record Retired(ServerCredential credential, Instant until) {}

    private RspCertificates(
            GeneratedCertificates generated, Settings.CertificateSettings settings, String address, InstantSource clock)
            throws IOException, GeneralSecurityException, UnusableCertificatesException {
        this.generated = generated;
        this.settings = settings;
        this.address = address;
        this.clock = clock;
        this.ownFiles = settings.folder().isPresent();
        this.folder = new CertificateFolder(settings.folder().orElse(generated.folder()));
        generated.ensure();
        this.generation = generation(load(settings.oid()), List.of());
    }

    /**
     * Opens the certificates: those in the folder of the settings, else generated ones.
     *
     * @param smdpAddress whose host goes into the generated TLS certificate, if one is set
     * @param address of the SM-DP+ as activation codes carry it
     * @throws GeneralSecurityException when they are no whole set
     */
    static RspCertificates open(
            Path dataDirectory,
            Settings.CertificateSettings settings,
            Optional<String> smdpAddress,
            String address,
            InstantSource clock,
            SecureRandom random)
            throws IOException, GeneralSecurityException {
        String oid = settings.folder().isPresent()
                ? GsmaTestPki.SMDP_OID
                : settings.oid().orElse(GsmaTestPki.SMDP_OID);
        GeneratedCertificates generated = GeneratedCertificates.in(dataDirectory, smdpAddress, oid, clock, random);
        try {
            RspCertificates opened = new RspCertificates(generated, settings, address, clock);
            opened.tell();
            return opened;
        } catch (UnusableCertificatesException e) {
            throw new GeneralSecurityException(
                    "the certificates in " + settings.folder().orElse(generated.folder()) + " cannot be used: "
                            + e.getMessage(),
                    e);
        }
    }

    private LoadedIdentity load(Optional<String> oid) throws IOException, UnusableCertificatesException {
        return folder.load(oid, GsmaTestPki.SMDP_OID, settings.crlGrace(), clock.instant());
    }

    private Generation generation(LoadedIdentity loaded, List<Retired> retired)
            throws IOException, GeneralSecurityException {
        TlsMaterial tls = loaded.tls().isPresent() ? tls(loaded.tls().get()) : generated.tls();
        return new Generation(loaded, tls, identity(loaded, retired), retired);
    }

    private ServerIdentity identity(LoadedIdentity loaded, List<Retired> retired) {
        return new ServerIdentity(
                address,
                loaded.credentials(),
                loaded.issuers(),
                retired.stream().map(Retired::credential).toList());
    }

    private TlsMaterial tls(LoadedIdentity.Tls shown) throws GeneralSecurityException {
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(shown.certificate().der()));
        return TlsMaterial.of(List.of(certificate), shown.key(), clock);
    }

    /**
     * Reads the files again. For one worker thread at a time.
     *
     * @return whether another set is in use now
     */
    synchronized boolean refresh() {
        try {
            generated.ensure();
            LoadedIdentity next = next();
            refusal = null;
            if (next.isSameAs(generation.loaded())) {
                forgetRetired();
                return false;
            }
            generation = generation(next, retiredBy(next));
            tell();
            return true;
        } catch (UnusableCertificatesException | IOException | GeneralSecurityException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(refusal)) {
                log.error("changed certificates of the SM-DP+ are refused, the old ones stay: {}", reason);
            }
            refusal = reason;
            return false;
        }
    }

    /** The files as they are now, which may be half replaced: what would make this another server is refused. */
    private LoadedIdentity next() throws IOException, UnusableCertificatesException {
        LoadedIdentity present = generation.loaded();
        LoadedIdentity next = load(Optional.of(present.oid()));
        if (next.tls().isEmpty()
                && present.tls().filter(tls -> isGood(tls.certificate(), next)).isPresent()) {
            // Devices trust their CI, so a generated certificate in its place would lock them out.
            throw new UnusableCertificatesException(
                    List.of("the TLS certificate of the server is gone, or without its key"));
        }
        for (LoadedIdentity.Over over : next.over()) {
            if (present.credentials().stream()
                    .anyMatch(used -> used.issuerKeyId().equals(over.issuerKeyId()) && isGood(used, next))) {
                throw new UnusableCertificatesException(List.of(over.why()));
            }
        }
        return next;
    }

    private boolean isGood(ServerCredential used, LoadedIdentity next) {
        return isGood(used.authentication(), next) && isGood(used.binding(), next);
    }

    /** Whether nothing speaks against a certificate: one that has ended or is revoked goes, whatever follows it. */
    private boolean isGood(RspCertificate certificate, LoadedIdentity next) {
        return certificate.isValidAt(clock.instant())
                && next.issuers().stream()
                        .noneMatch(issuer -> issuer.revocations().contains(certificate));
    }

    private List<Retired> retiredBy(LoadedIdentity next) {
        Instant now = clock.instant();
        List<Retired> retired = new ArrayList<>(standing(now));
        for (ServerCredential credential : generation.loaded().credentials()) {
            boolean stays =
                    next.credentials().stream().anyMatch(other -> other.name().equals(credential.name()));
            if (!stays) {
                retired.add(new Retired(credential, now.plus(Downloads.SESSION_LIFETIME)));
            }
        }
        return List.copyOf(retired);
    }

    private List<Retired> standing(Instant now) {
        return generation.retired().stream()
                .filter(each -> each.until().isAfter(now))
                .toList();
    }

    private void forgetRetired() {
        Generation now = generation;
        List<Retired> standing = standing(clock.instant());
        if (standing.size() < now.retired().size()) {
            generation = new Generation(now.loaded(), now.tls(), identity(now.loaded(), standing), standing);
        }
    }

    private void tell() {
        LoadedIdentity loaded = generation.loaded();
        log.atInfo()
                .addKeyValue("issuers", loaded.issuers().size())
                .addKeyValue("credentials", loaded.credentials().size())
                .addKeyValue("oid", loaded.oid())
                .log("certificates of the SM-DP+ are in use");
        if (ownFiles) {
            loaded.notes().forEach(note -> log.warn("certificates of the SM-DP+: {}", note));
        }
        warnings().forEach(warning -> log.warn("certificates of the SM-DP+: {}", warning));
    }

    /** What somebody should do soon: refused files, expiry within 30 days, revocation lists that are overdue. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>(CertificateWarnings.of(generation.loaded(), clock.instant()));
        String refused = refusal;
        if (refused != null) {
            warnings.addFirst("changed files are refused: " + refused);
        }
        return List.copyOf(warnings);
    }

    /** Whether the files as they lie there now are refused. */
    boolean isRefusing() {
        return refusal != null;
    }

    /** What is in use. */
    LoadedIdentity loaded() {
        return generation.loaded();
    }

    /** What the ES9+ listener shows. */
    TlsMaterial tls() {
        return generation.tls();
    }

    @Override
    public ServerIdentity get() {
        return generation.identity();
    }
}
