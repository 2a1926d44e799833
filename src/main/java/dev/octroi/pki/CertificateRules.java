package dev.octroi.pki;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a certificate has to look like beyond a valid path. The JDK's path check lets pass what a gateway should not:
 * end entities that may sign certificates, any-purpose or missing key usage, odd serial numbers, weak keys, anchors out
 * of date or with extensions nobody understood. Each rule answers with a reason, or with nothing.
 */
final class CertificateRules {
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int MAX_SERIAL_BYTES = 20;
    private static final int MAX_NAMES = 20;
    private static final Duration MAX_LEAF_LIFE = Duration.ofDays(398);
    private static final Set<String> SIGNATURES = Set.of(
            "SHA256WITHECDSA",
            "SHA384WITHECDSA",
            "SHA512WITHECDSA",
            "SHA256WITHRSA",
            "SHA384WITHRSA",
            "SHA512WITHRSA",
            "RSASSA-PSS");
    /** Critical extensions that this class or the path check acts upon: KU, BC, EKU, SAN, name constraints, policies. */
    private static final Set<String> UNDERSTOOD =
            Set.of("2.5.29.15", "2.5.29.19", "2.5.29.37", "2.5.29.17", "2.5.29.30", "2.5.29.32");

    private CertificateRules() {}

    /** Why an end-entity certificate is refused, if it is. */
    static Optional<String> leaf(X509Certificate leaf, String extendedKeyUsage) {
        Optional<String> common = any(leaf);
        if (common.isPresent()) {
            return common;
        }
        if (leaf.getBasicConstraints() >= 0) {
            return Optional.of("end entity is marked as a certificate authority");
        }
        boolean[] usage = leaf.getKeyUsage();
        if (usage == null || !usage[DIGITAL_SIGNATURE] || usage[KEY_CERT_SIGN] || usage[CRL_SIGN]) {
            return Optional.of("key usage is not that of a TLS end entity");
        }
        try {
            if (!List.of(extendedKeyUsage).equals(leaf.getExtendedKeyUsage())) {
                return Optional.of("extended key usage is not exactly the one of this role");
            }
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            if (names == null || names.isEmpty() || names.size() > MAX_NAMES) {
                return Optional.of("no alternative name, or more than " + MAX_NAMES);
            }
            for (List<?> name : names) {
                String text = String.valueOf(name.get(1));
                if (text.indexOf('\0') >= 0 || text.indexOf('*') >= 0) {
                    return Optional.of("alternative name with a wildcard or a NUL");
                }
            }
        } catch (CertificateParsingException e) {
            return Optional.of("extensions cannot be read");
        }
        Duration life = Duration.between(
                leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
        return life.compareTo(MAX_LEAF_LIFE) > 0 ? Optional.of("lives longer than 398 days") : Optional.empty();
    }

    /** Why a certificate authority is refused, if it is: for intermediates and anchors alike. */
    static Optional<String> authority(X509Certificate authority, Instant now) {
        Optional<String> common = any(authority);
        if (common.isPresent()) {
            return common;
        }
        boolean[] usage = authority.getKeyUsage();
        if (authority.getBasicConstraints() < 0 || usage == null || !usage[KEY_CERT_SIGN] || !usage[CRL_SIGN]) {
            return Optional.of("authority may not sign certificates and revocation lists");
        }
        // The path check ignores both of an anchor.
        if (now.isBefore(authority.getNotBefore().toInstant())
                || now.isAfter(authority.getNotAfter().toInstant())) {
            return Optional.of("authority is out of date");
        }
        return Optional.empty();
    }

    /** Why a trust anchor is refused, if it is; the path check would ignore its name constraints. */
    static Optional<String> anchor(X509Certificate anchor, Instant now) {
        return anchor.getExtensionValue("2.5.29.30") != null
                ? Optional.of("name constraints belong into the issuing authority, not into the root")
                : authority(anchor, now);
    }

    private static Optional<String> any(X509Certificate certificate) {
        if (certificate.getVersion() != 3) {
            return Optional.of("not an X.509 version 3 certificate");
        }
        BigInteger serial = certificate.getSerialNumber();
        if (serial.signum() <= 0 || serial.toByteArray().length > MAX_SERIAL_BYTES) {
            return Optional.of("serial number is not positive or longer than 20 octets");
        }
        if (!SIGNATURES.contains(certificate.getSigAlgName().toUpperCase(java.util.Locale.ROOT))) {
            return Optional.of("weak or unknown signature algorithm");
        }
        if (!strong(certificate.getPublicKey())) {
            return Optional.of("weak or unknown key");
        }
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        return critical != null && !UNDERSTOOD.containsAll(critical)
                ? Optional.of("critical extension that is not understood")
                : Optional.empty();
    }

    private static boolean strong(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec -> ec.getParams().getCurve().getField().getFieldSize() >= 256;
            case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= 2048;
            default -> false;
        };
    }
}
