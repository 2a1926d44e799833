package dev.octroi.rsp.cert;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The two attributes of a distinguished name that remote SIM provisioning looks at. */
record CertificateName(Optional<String> serialNumber, Optional<String> organisation) {
    private static final String SERIAL_NUMBER = "2.5.4.5";
    private static final String ORGANISATION = "2.5.4.10";

    static CertificateName read(Tlv name) throws MalformedTlvException {
        @Nullable String serialNumber = null;
        @Nullable String organisation = null;
        for (Tlv set : name.children()) {
            for (Tlv attribute : set.expect(0x31).children()) {
                if (attribute.children().size() != 2) {
                    throw new MalformedTlvException("an attribute has a type and a value");
                }
                String type = ObjectId.ofBytes(attribute.require(0x06).value()).dotted();
                if (type.equals(SERIAL_NUMBER)) {
                    serialNumber = only(serialNumber, attribute);
                } else if (type.equals(ORGANISATION)) {
                    organisation = only(organisation, attribute);
                }
            }
        }
        return new CertificateName(Optional.ofNullable(serialNumber), Optional.ofNullable(organisation));
    }

    /** Two values of one attribute would let two readers see two different cards. */
    private static String only(@Nullable String before, Tlv attribute) throws MalformedTlvException {
        if (before != null) {
            throw new MalformedTlvException("an attribute stands twice");
        }
        return attribute.children().get(1).asUtf8();
    }

    /**
     * Whether a card's name lies below this one: the same organisation, where this one has one, and an EID that begins
     * with this serial number (SGP.22 v2.5 §4.5.2.1.0.2).
     */
    boolean covers(String eid, Optional<String> cardOrganisation) {
        boolean prefix =
                serialNumber.filter(p -> !p.isEmpty() && eid.startsWith(p)).isPresent();
        return prefix && (organisation.isEmpty() || organisation.equals(cardOrganisation));
    }
}
