package dev.octroi.pki.gsma;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The test GSMA PKI in a folder: made at the first opening, kept afterwards. A certificate of the SM-DP+ that ran out
 * is issued again, and so is a TLS certificate that lacks a name and a revocation list past half of its life. For development and tests only: the root key is
 * a file.
 */
public final class GsmaTestPki {
    /** The SM-DP+ OID of SGP.26. */
    public static final String SMDP_OID = "2.999.10";

    private static final Duration CRL_LIFE = Duration.ofDays(30);

    private final GsmaIssuer issuer;
    private final InstantSource clock;
    private final GsmaMaterial material;

    private GsmaTestPki(GsmaIssuer issuer, InstantSource clock, GsmaMaterial material) {
        this.issuer = issuer;
        this.clock = clock;
        this.material = material;
    }

    /**
     * Opens the PKI, making what is missing.
     *
     * @param directory the GSMA folder; the files go into its sub-folder {@link GsmaCurve#folder()}
     * @param curve the curve of CI, EUM, eUICC, DPauth and DPpb; DP-TLS is always on P-256
     * @param hosts names (or IP addresses) of the SM-DP+ for its TLS certificate, at least one
     * @param smdpOid the object identifier of the SM-DP+, the same in its three certificates
     */
    public static GsmaTestPki open(
            Path directory,
            GsmaCurve curve,
            List<String> hosts,
            String smdpOid,
            InstantSource clock,
            SecureRandom random)
            throws IOException {
        requireNonNull(smdpOid, "smdpOid is null");
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("a TLS certificate needs a host name");
        }
        Path folder = directory.resolve(curve.folder());
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        GsmaIssuer issuer = new GsmaIssuer(requireNonNull(random, "random is null"));
        // Several processes may start on one folder at once; a file lock holds only between processes.
        synchronized (GsmaTestPki.class) {
            try (FileChannel channel = FileChannel.open(
                            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                requireNonNull(lock, "lock is null");
                return new GsmaTestPki(
                        issuer, clock, load(folder, curve, List.copyOf(hosts), smdpOid, issuer, clock.instant()));
            }
        }
    }

    /** The PKI on P-256 with the OID of SGP.26. */
    public static GsmaTestPki open(Path directory, List<String> hosts, InstantSource clock, SecureRandom random)
            throws IOException {
        return open(directory, GsmaCurve.P256, hosts, SMDP_OID, clock, random);
    }

    /** Everything that was loaded. */
    public GsmaMaterial material() {
        return material;
    }

    /**
     * Issues the certificate of a new eUICC; nothing is written.
     *
     * @param eid 32 decimal digits; with another prefix than {@link GsmaEid#TEST_PREFIX} it violates the name
     *     constraint of the EUM, which tests of an SM-DP+ need
     */
    public GsmaCredential issueEuicc(String eid) {
        requireNonNull(eid, "eid is null");
        return issuer.euicc(issuer.newKeyPair(material.curve()), material.eum(), eid, clock.instant());
    }

    /** Adds certificates to the revocation list of the CI and gives the material with the new list. */
    public GsmaTestPki revoke(X509Certificate... certificates) throws IOException {
        List<BigInteger> serials = new ArrayList<>(GsmaCertificate.revokedSerials(material.crl()));
        for (X509Certificate certificate : certificates) {
            serials.add(certificate.getSerialNumber());
        }
        Path file = material.directory().resolve("ci.crl");
        GsmaPem.write(file, issuer.crl(material.ci(), clock.instant(), CRL_LIFE, serials));
        GsmaMaterial m = material;
        return new GsmaTestPki(
                issuer,
                clock,
                new GsmaMaterial(
                        m.directory(),
                        m.curve(),
                        m.ci(),
                        m.eum(),
                        m.dpAuth(),
                        m.dpPb(),
                        m.dpTls(),
                        GsmaPem.readCrl(file)));
    }

    private static GsmaMaterial load(
            Path folder, GsmaCurve curve, List<String> hosts, String oid, GsmaIssuer issuer, Instant now)
            throws IOException {
        GsmaFolder files = new GsmaFolder(folder, issuer, now, oid);
        GsmaCredential ci = files.credential("ci", curve, null, keys -> issuer.ci(keys, now));
        GsmaCredential eum = files.credential("eum", curve, ci, keys -> issuer.eum(keys, ci, now));
        GsmaCredential auth =
                files.credential("dpauth", curve, ci, keys -> issuer.smdp(keys, ci, GsmaRole.DP_AUTH, oid, now));
        GsmaCredential pb =
                files.credential("dppb", curve, ci, keys -> issuer.smdp(keys, ci, GsmaRole.DP_PB, oid, now));
        GsmaCredential tls = files.tls(ci, hosts, (keys, names) -> issuer.smdpTls(keys, ci, oid, names, now));
        X509CRL crl = files.crl(ci, CRL_LIFE);
        return new GsmaMaterial(folder, curve, ci, eum, auth, pb, tls, crl);
    }
}
