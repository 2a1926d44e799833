package dev.octroi.rsp.cert;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The authorities between a card and its issuer, the one that certified the card first: one manufacturer, and in newer
 * chains a CA above or below it (SGP.22 v3 §4.5.2: variants A, B and C). Each is signed by the next, the last by the
 * issuer; they are matched by key identifiers and never by names.
 */
record IssuerPath(List<RspCertificate> authorities) {
    private static final int MAX_AUTHORITIES = 3;
    private static final int MAX_OTHERS = 8;

    IssuerPath {
        authorities = List.copyOf(authorities);
    }

    /** No such path, and why. */
    static final class NoPath extends Exception {
        private static final long serialVersionUID = 1L;
        private final ChainResult.Cause reason;

        NoPath(ChainResult.Cause reason) {
            super(reason.name(), null, false, false);
            this.reason = reason;
        }

        ChainResult.Cause reason() {
            return reason;
        }
    }

    /**
     * Finds the path and verifies signatures, roles, rights and lengths; times and revocation change and are not looked
     * at.
     *
     * @param lowest the certificate that issued the card's
     * @param others further certificates that came along, in any order
     */
    static IssuerPath find(Tlv lowest, List<Tlv> others, TrustedIssuer issuer) throws NoPath {
        List<RspCertificate> path = new ArrayList<>();
        RspCertificate top = read(lowest);
        path.add(top);
        while (!top.authorityKeyId().equals(Optional.of(issuer.keyId()))) {
            Optional<ByteBuffer> wanted = top.authorityKeyId();
            RspCertificate next = named(wanted, others);
            if (path.size() == MAX_AUTHORITIES || !top.isSignedBy(next.curve(), next.key())) {
                throw new NoPath(ChainResult.Cause.MANUFACTURER_INVALID);
            }
            path.add(next);
            top = next;
        }
        RspCertificate root = issuer.certificate();
        if (!top.isSignedBy(root.curve(), root.key()) || !rolesInOrder(path) || !lengthsHold(path, root)) {
            throw new NoPath(ChainResult.Cause.MANUFACTURER_INVALID);
        }
        return new IssuerPath(path);
    }

    private static RspCertificate named(Optional<ByteBuffer> keyId, List<Tlv> others) throws NoPath {
        if (others.size() > MAX_OTHERS) {
            throw new NoPath(ChainResult.Cause.MANUFACTURER_INVALID);
        }
        for (Tlv other : others) {
            RspCertificate candidate = read(other);
            if (keyId.isPresent() && candidate.subjectKeyId().equals(keyId)) {
                return candidate;
            }
        }
        throw new NoPath(ChainResult.Cause.ISSUER_UNKNOWN);
    }

    private static RspCertificate read(Tlv element) throws NoPath {
        try {
            return RspCertificate.of(element);
        } catch (MalformedTlvException e) {
            throw new NoPath(ChainResult.Cause.MANUFACTURER_INVALID);
        }
    }

    /** From below: a CA of the manufacturer or none, the manufacturer, a CA of the issuer or none. */
    private static boolean rolesInOrder(List<RspCertificate> path) {
        int manufacturer = path.getFirst().hasRole(RspRole.EUM) ? 0 : 1;
        if (manufacturer >= path.size() || !path.get(manufacturer).hasRole(RspRole.EUM)) {
            return false;
        }
        boolean below = manufacturer == 0 || path.getFirst().hasRole(RspRole.EUM_SUB_CA);
        List<RspCertificate> above = path.subList(manufacturer + 1, path.size());
        return below && above.size() <= 1 && above.stream().allMatch(ca -> ca.hasRole(RspRole.CI_SUB_CA));
    }

    /** Each names its key, may issue, and says that no more authorities stand below it than do; the root need not say anything. */
    private static boolean lengthsHold(List<RspCertificate> path, RspCertificate root) {
        for (int below = 0; below < path.size(); below++) {
            CertificateExtensions extensions = path.get(below).extensions();
            OptionalInt length = extensions.pathLength();
            boolean named = path.get(below).subjectKeyId().isPresent();
            if (!named || !extensions.mayIssue() || length.isEmpty() || length.getAsInt() < below) {
                return false;
            }
        }
        boolean alone = path.size() == 1;
        int direct = path.getFirst().extensions().pathLength().orElse(0);
        return root.extensions().pathLength().orElse(path.size()) >= path.size() && (!alone || direct == 0);
    }

    boolean isValidAt(Instant moment) {
        return authorities.stream().allMatch(authority -> authority.isValidAt(moment));
    }

    /** The one that the issuer itself certified, and that its revocation list is about. */
    RspCertificate top() {
        return authorities.getLast();
    }

    /** The one that certified the card. */
    RspCertificate lowest() {
        return authorities.getFirst();
    }

    /**
     * Whether the card is within what each of the authorities may certify, and one of them says something. Where it is
     * said by prefixes alone, the card bears the organisation of the authority that certified it; names say it themselves.
     */
    boolean permits(String eid, Optional<String> organisation) {
        List<CardPermission> stated = authorities.stream()
                .map(authority -> authority.extensions().permission())
                .filter(CardPermission::isStated)
                .toList();
        Optional<String> owner = lowest().subjectOrganisation();
        return !stated.isEmpty()
                && stated.stream().allMatch(permission -> permission.covers(eid, organisation))
                && (owner.isEmpty()
                        || owner.equals(organisation)
                        || stated.stream().anyMatch(CardPermission::isByName));
    }
}
