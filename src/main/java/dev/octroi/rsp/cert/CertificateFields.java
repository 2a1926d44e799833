package dev.octroi.rsp.cert;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** The fields of the signed part of a certificate (RFC 5280 §4.1). */
record CertificateFields(
        BigInteger serialNumber,
        String signatureAlgorithm,
        Instant notBefore,
        Instant notAfter,
        CertificateName subject,
        Curve curve,
        ECPublicKey key,
        CertificateExtensions extensions) {

    private static final String EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    private static final int VERSION_3 = 2;

    static CertificateFields read(Tlv signedPart) throws MalformedTlvException {
        if (signedPart.require(0xA0).require(0x02).asInt() != VERSION_3) {
            throw new MalformedTlvException("no version 3 certificate");
        }
        Iterator<Tlv> fields =
                signedPart.children().stream().filter(f -> f.tag() != 0xA0).iterator();
        BigInteger serial = new BigInteger(next(fields, 0x02).asBytes(1, 64));
        String algorithm = algorithm(next(fields, 0x30));
        next(fields, 0x30);
        List<Tlv> validity = next(fields, 0x30).children();
        if (validity.size() != 2) {
            throw new MalformedTlvException("a validity has two times");
        }
        CertificateName subject = CertificateName.read(next(fields, 0x30));
        Tlv keyInfo = next(fields, 0x30);
        Curve curve = curve(keyInfo);
        ECPublicKey key = curve.key(bits(keyInfo.require(0x03)))
                .orElseThrow(() -> new MalformedTlvException("the key is no point of its curve"));
        CertificateExtensions extensions = CertificateExtensions.read(
                signedPart.require(0xA3).require(0x30).children());
        return new CertificateFields(
                serial, algorithm, time(validity.get(0)), time(validity.get(1)), subject, curve, key, extensions);
    }

    static String algorithm(Tlv identifier) throws MalformedTlvException {
        return ObjectId.ofBytes(identifier.expect(0x30).require(0x06).value()).dotted();
    }

    /** The content of a BIT STRING of whole bytes. */
    static byte[] bits(Tlv element) throws MalformedTlvException {
        byte[] value = element.expect(0x03).asBytes(1, 512);
        if (value[0] != 0) {
            throw new MalformedTlvException("bits that are no bytes");
        }
        return Arrays.copyOfRange(value, 1, value.length);
    }

    static Instant time(Tlv element) throws MalformedTlvException {
        String text = new String(element.value(), StandardCharsets.US_ASCII);
        boolean shortYear = element.tag() == 0x17;
        if ((!shortYear && element.tag() != 0x18) || !text.matches(shortYear ? "[0-9]{12}Z" : "[0-9]{14}Z")) {
            throw new MalformedTlvException("no time");
        }
        int yearDigits = shortYear ? 2 : 4;
        int year = Integer.parseInt(text.substring(0, yearDigits));
        if (shortYear) {
            year += year < 50 ? 2000 : 1900;
        }
        try {
            return LocalDateTime.of(
                            year,
                            two(text, yearDigits),
                            two(text, yearDigits + 2),
                            two(text, yearDigits + 4),
                            two(text, yearDigits + 6),
                            two(text, yearDigits + 8))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new MalformedTlvException("no such time");
        }
    }

    private static int two(String text, int at) {
        return Integer.parseInt(text.substring(at, at + 2));
    }

    private static Curve curve(Tlv keyInfo) throws MalformedTlvException {
        List<Tlv> algorithm = keyInfo.require(0x30).children();
        if (algorithm.size() != 2 || !algorithm(keyInfo.require(0x30)).equals(EC_PUBLIC_KEY)) {
            throw new MalformedTlvException("the key is on no named curve");
        }
        String oid = ObjectId.ofBytes(algorithm.get(1).expect(0x06).value()).dotted();
        return Curve.ofOid(oid).orElseThrow(() -> new MalformedTlvException("unsupported curve"));
    }

    private static Tlv next(Iterator<Tlv> fields, int tag) throws MalformedTlvException {
        if (!fields.hasNext()) {
            throw new MalformedTlvException("a field of the certificate is missing");
        }
        return fields.next().expect(tag);
    }
}
