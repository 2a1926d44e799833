package dev.octroi.rsp.cert;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which cards a manufacturer may certify: by permitted names (variant O: nameConstraints with organisation and a prefix
 * of the EID), by a list of prefixes (newer variants: permittedEins), or by both, and then both must hold.
 */
final class CardPermission {
    private final List<CertificateName> permittedNames = new ArrayList<>();
    private final List<CertificateName> excludedNames = new ArrayList<>();
    private final List<String> permittedEins = new ArrayList<>();

    /** Takes the extension nameConstraints (RFC 5280 §4.2.1.10). */
    void takeNameConstraints(Tlv constraints) throws MalformedTlvException {
        takeSubtrees(constraints.find(0xA0), permittedNames);
        takeSubtrees(constraints.find(0xA1), excludedNames);
    }

    private static void takeSubtrees(Optional<Tlv> subtrees, List<CertificateName> into) throws MalformedTlvException {
        for (Tlv subtree : subtrees.map(Tlv::children).orElse(List.of())) {
            Optional<Tlv> directoryName = subtree.find(0xA4);
            if (directoryName.isPresent()) {
                into.add(CertificateName.read(directoryName.get().require(0x30)));
            }
        }
    }

    /** Takes the extension permittedEins (2.23.146.1.2.2.0). */
    void takeEins(Tlv eins) throws MalformedTlvException {
        for (Tlv ein : eins.children()) {
            permittedEins.add(ein.asUtf8());
        }
    }

    /** Whether anything is said at all; a manufacturer of whom nothing is said may certify no card. */
    boolean isStated() {
        return !permittedNames.isEmpty() || !permittedEins.isEmpty();
    }

    /** Whether names say it, and with them the organisation that the cards must bear. */
    boolean isByName() {
        return !permittedNames.isEmpty();
    }

    /** Whether the card is within what is said. */
    boolean covers(String eid, Optional<String> organisation) {
        return (permittedNames.isEmpty() || any(permittedNames, eid, organisation))
                && !any(excludedNames, eid, organisation)
                && (permittedEins.isEmpty()
                        || permittedEins.stream().anyMatch(ein -> !ein.isEmpty() && eid.startsWith(ein)));
    }

    private static boolean any(List<CertificateName> names, String eid, Optional<String> organisation) {
        return names.stream().anyMatch(name -> name.covers(eid, organisation));
    }
}
