package dev.octroi.rsp.cert;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What a revocation list says about itself.
 *
 * @param authorityKeyId the key identifier of its issuer, where it names one
 * @param delta whether it only adds to another list
 * @param scope the extension issuingDistributionPoint as received, empty when it speaks of everything
 * @param coversAuthorities whether certificates of manufacturers are within its scope
 * @param part which part of a split list it is, 1 when it is whole (SGP.22: partialCrlNumber)
 * @param parts how many parts there are, 1 when it is whole (SGP.22: totalPartialCrlNumber)
 */
record RevocationListExtensions(
        Optional<ByteBuffer> authorityKeyId,
        boolean delta,
        ByteBuffer scope,
        boolean coversAuthorities,
        int part,
        int parts) {
    private static final String AUTHORITY_KEY_ID = "2.5.29.35";
    private static final int MAX_PARTS = 64;
    private static final String TOTAL_PARTS = "2.23.146.1.2.0.2";
    private static final String PART = "2.23.146.1.2.0.3";

    static RevocationListExtensions read(Tlv signedPart) throws MalformedTlvException {
        boolean delta = false;
        ByteBuffer scope = ByteBuffer.allocate(0);
        boolean covers = true;
        int part = 1;
        int parts = 1;
        for (Tlv extension : all(signedPart)) {
            byte[] value = extension.require(0x04).value();
            switch (oid(extension)) {
                case AUTHORITY_KEY_ID, "2.5.29.20" -> {
                    // Read on its own; and the number of the list: the times say the same.
                }
                case "2.5.29.27" -> delta = true;
                case "2.5.29.28" -> {
                    scope = ByteBuffer.wrap(value);
                    covers = coversAuthorities(Tlv.parse(value).expect(0x30));
                }
                case TOTAL_PARTS -> parts = number(value);
                case PART -> part = number(value);
                default -> {
                    if (isCritical(extension)) {
                        throw new MalformedTlvException("unknown critical extension of a revocation list");
                    }
                }
            }
        }
        if (part > parts) {
            throw new MalformedTlvException("a part behind the last part of a revocation list");
        }
        return new RevocationListExtensions(namedIssuer(signedPart), delta, scope, covers, part, parts);
    }

    private static List<Tlv> all(Tlv signedPart) throws MalformedTlvException {
        Optional<Tlv> extensions = signedPart.find(0xA0);
        return extensions.isEmpty() ? List.of() : extensions.get().require(0x30).children();
    }

    /** The key identifier of the list's issuer, where it names one. */
    static Optional<ByteBuffer> namedIssuer(Tlv signedPart) throws MalformedTlvException {
        for (Tlv extension : all(signedPart)) {
            if (oid(extension).equals(AUTHORITY_KEY_ID)) {
                Optional<Tlv> keyId = Tlv.parse(extension.require(0x04).value()).find(0x80);
                return keyId.isEmpty()
                        ? Optional.empty()
                        : Optional.of(ByteBuffer.wrap(keyId.get().asBytes(1, 64)));
            }
        }
        return Optional.empty();
    }

    /** Not when only end entities [1], only some reasons [3] or only attribute certificates [5] are meant. */
    private static boolean coversAuthorities(Tlv point) throws MalformedTlvException {
        for (Tlv field : point.children()) {
            boolean flag = field.tag() == 0x81 || field.tag() == 0x85;
            boolean narrow = flag ? field.asBoolean() : field.tag() == 0x83;
            if (narrow) {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] value) throws MalformedTlvException {
        int number = Tlv.parse(value).expect(0x02).asInt();
        if (number < 1 || number > MAX_PARTS) {
            throw new MalformedTlvException("a revocation list has 1 to " + MAX_PARTS + " parts");
        }
        return number;
    }

    static String oid(Tlv extension) throws MalformedTlvException {
        return ObjectId.ofBytes(extension.require(0x06).value()).dotted();
    }

    static boolean isCritical(Tlv extension) throws MalformedTlvException {
        return extension.find(0x01).isPresent() && extension.require(0x01).asBoolean();
    }
}
