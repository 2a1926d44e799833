package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.HashMap;
import java.util.Map;

/** DER of a SEQUENCE as a strict card reads it: known elements once and in order; unknown ones of newer versions pass. */
final class TlvOrder {
    private TlvOrder() {}

    static void require(Tlv sequence, int... tags) throws MalformedTlvException {
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = 0; i < tags.length; i++) {
            places.put(tags[i], i);
        }
        int last = -1;
        for (Tlv child : sequence.children()) {
            Integer place = places.get(child.tag());
            if (place != null) {
                if (place <= last) {
                    throw new MalformedTlvException(
                            "%X stands twice or in the wrong place within %X".formatted(child.tag(), sequence.tag()));
                }
                last = place;
            }
        }
    }
}
