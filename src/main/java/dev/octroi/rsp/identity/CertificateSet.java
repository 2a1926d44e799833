package dev.octroi.rsp.identity;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.RspCertificate;
import dev.octroi.rsp.cert.RspRole;
import dev.octroi.rsp.cert.TrustedIssuer;
import dev.octroi.rsp.identity.LoadedIdentity.Tls;
import dev.octroi.rsp.session.ServerCredential;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Chooses among all that lies in a folder: roles by policy, keys by their public keys, issuers by key identifiers. Test
 * sets hold much that is not needed, expired or bad on purpose; what has to be whole is what the chosen server shows.
 */
final class CertificateSet {
    private final FolderContent content;
    private final Issuers issuers;
    private final Instant now;
    private final List<String> complaints = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<LoadedIdentity.Over> over = new ArrayList<>();

    CertificateSet(FolderContent content, Duration grace, Instant now) {
        this.content = content;
        this.issuers = new Issuers(content, grace, now, complaints);
        this.now = now;
    }

    LoadedIdentity identity(Optional<String> wanted, String usual) throws UnusableCertificatesException {
        content.broken().forEach(name -> complaints.add("cannot be read to its end: " + name));
        List<TrustedIssuer> trusted = issuers.all();
        if (trusted.isEmpty()) {
            complaints.add("no CI certificate that is in date");
        }
        String oid = wanted.orElseGet(() -> oid(usual));
        List<ServerCredential> credentials = new ArrayList<>();
        for (TrustedIssuer issuer : trusted) {
            credential(issuer, oid).ifPresent(credentials::add);
        }
        if (credentials.isEmpty()) {
            over.forEach(each -> complaints.add(each.why()));
        }
        if (credentials.isEmpty() && complaints.isEmpty()) {
            complaints.add("no DPauth and DPpb certificates with their keys for the server " + oid);
        }
        Optional<Tls> tls = tls(oid);
        if (!complaints.isEmpty()) {
            throw new UnusableCertificatesException(complaints);
        }
        return new LoadedIdentity(content.hash(), oid, trusted, credentials, tls, notes, over);
    }

    /** The only server with all keys; else the only one that can serve cards; else the usual one of several. */
    private String oid(String usual) {
        Set<String> serving = keyed(RspRole.DP_AUTH);
        serving.retainAll(keyed(RspRole.DP_PB));
        Set<String> whole = new TreeSet<>(serving);
        whole.retainAll(keyed(RspRole.DP_TLS));
        Set<String> choice = whole.isEmpty() ? serving : whole;
        if (choice.contains(usual)) {
            return usual;
        }
        if (choice.size() > 1) {
            complaints.add("certificates of several servers, choose with rsp.oid: " + String.join(", ", choice));
        }
        return choice.stream().findFirst().orElse(usual);
    }

    private Set<String> keyed(RspRole role) {
        return content.certificates().stream()
                .filter(certificate ->
                        certificate.hasRole(role) && key(certificate).isPresent())
                .flatMap(certificate -> certificate.registeredId().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Optional<FoundKey> key(RspCertificate certificate) {
        return content.keys().stream().filter(key -> key.fits(certificate)).findFirst();
    }

    private Optional<ServerCredential> credential(TrustedIssuer issuer, String oid) {
        List<RspCertificate> authentication = of(RspRole.DP_AUTH, oid, issuer);
        List<RspCertificate> binding = of(RspRole.DP_PB, oid, issuer);
        if (authentication.isEmpty() && binding.isEmpty()) {
            return Optional.empty();
        }
        Optional<RspCertificate> auth = best(RspRole.DP_AUTH, authentication, issuer);
        Optional<RspCertificate> pb = best(RspRole.DP_PB, binding, issuer);
        if (auth.isEmpty() || pb.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ServerCredential.of(
                    auth.get().der(),
                    key(auth.get()).orElseThrow().key(),
                    pb.get().der(),
                    key(pb.get()).orElseThrow().key()));
        } catch (MalformedTlvException e) {
            complaints.add(issuer + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private List<RspCertificate> of(RspRole role, String oid, TrustedIssuer issuer) {
        return content.certificates().stream()
                .filter(certificate -> certificate.hasRole(role)
                        && certificate.registeredId().equals(Optional.of(oid))
                        && certificate.authorityKeyId().equals(Optional.of(issuer.keyId())))
                .toList();
    }

    /** Cards of version 2 know the policies of version 2 only, so these come first; then the youngest. */
    private Optional<RspCertificate> best(RspRole role, List<RspCertificate> candidates, TrustedIssuer issuer) {
        Optional<RspCertificate> best = candidates.stream()
                .filter(certificate -> flaw(certificate, issuer).isEmpty())
                .max(Comparator.comparing((RspCertificate certificate) -> certificate.hasPolicy(role.policy()))
                        .thenComparing(RspCertificate::notBefore));
        if (best.isEmpty()) {
            String why = candidates.stream()
                    .flatMap(certificate -> flaw(certificate, issuer).stream())
                    .distinct()
                    .collect(Collectors.joining(", "));
            String what = issuer + ": no usable certificate in the role " + role
                    + (why.isEmpty() ? ", there is none" : ", for it is " + why);
            boolean isOver =
                    !candidates.isEmpty() && candidates.stream().allMatch(certificate -> isOver(certificate, issuer));
            if (isOver) {
                over.add(new LoadedIdentity.Over(issuer.keyId(), what));
            } else {
                complaints.add(what);
            }
        }
        return best;
    }

    /**
     * Whether a certificate that is whole has ended or is revoked. That happens to files which nobody has touched, and says
     * nothing of the other CIs; everything else says that somebody is in the middle of replacing them.
     */
    private boolean isOver(RspCertificate certificate, TrustedIssuer issuer) {
        return certificate.isSignedBy(
                        issuer.certificate().curve(), issuer.certificate().key())
                && key(certificate).isPresent()
                && (now.isAfter(certificate.notAfter()) || issuer.revocations().contains(certificate));
    }

    private Optional<String> flaw(RspCertificate certificate, TrustedIssuer issuer) {
        if (!certificate.isSignedBy(
                issuer.certificate().curve(), issuer.certificate().key())) {
            return Optional.of("not signed by its CI");
        }
        if (!certificate.mayOnlySign()) {
            return Optional.of("not for signing");
        }
        if (!certificate.isValidAt(now)) {
            return Optional.of("valid only from " + certificate.notBefore() + " to " + certificate.notAfter());
        }
        if (issuer.revocations().contains(certificate)) {
            return Optional.of("revoked");
        }
        return key(certificate).isEmpty() ? Optional.of("without its key") : Optional.empty();
    }

    /** TLS of the JDK has no Brainpool keys; a certificate under a CI on P-256 is one that every device can verify. */
    private Optional<Tls> tls(String oid) {
        record Candidate(RspCertificate certificate, TrustedIssuer issuer) {}
        List<Candidate> all = issuers.all().stream()
                .flatMap(issuer ->
                        of(RspRole.DP_TLS, oid, issuer).stream().map(certificate -> new Candidate(certificate, issuer)))
                .filter(candidate -> candidate.certificate().curve() == Curve.P256)
                .toList();
        Optional<Candidate> best = all.stream()
                .filter(each -> flaw(each.certificate(), each.issuer()).isEmpty())
                .max(Comparator.comparing(
                                (Candidate each) -> each.issuer().certificate().curve() == Curve.P256)
                        .thenComparing(each -> each.certificate().notBefore()));
        if (best.isEmpty()) {
            String why = all.stream()
                    .flatMap(each -> flaw(each.certificate(), each.issuer()).stream())
                    .distinct()
                    .collect(Collectors.joining(", "));
            notes.add("no usable TLS certificate of " + oid + " on P-256 in the folder"
                    + (why.isEmpty() ? "" : ", for it is " + why) + "; a generated one is shown to devices");
        }
        return best.map(candidate -> new Tls(
                candidate.certificate(),
                key(candidate.certificate()).orElseThrow().key()));
    }
}
