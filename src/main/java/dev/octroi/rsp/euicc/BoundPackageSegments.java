package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a bound profile package as an LPA does before it hands it to the card (SGP.22 v2.5 §2.5.5). */
final class BoundPackageSegments {
    private static final int MAC_BYTES = 8;

    private BoundPackageSegments() {}

    static List<byte[]> cut(Tlv bound) throws MalformedTlvException {
        bound.expect(0xBF36);
        List<byte[]> segments = new ArrayList<>();
        Tlv request = bound.require(0xBF23);
        segments.add(joined(Tlv.header(bound.tag(), bound.valueLength()), request.raw()));
        for (Tlv group : bound.children().subList(1, bound.children().size())) {
            byte[] header = Tlv.header(group.tag(), group.valueLength());
            // Groups of a single 87 travel with their header, the others begin with it.
            if (group.tag() == 0xA0 || group.tag() == 0xA2) {
                segments.add(joined(header, group.value()));
            } else {
                segments.add(header);
                group.children().forEach(child -> segments.add(child.raw()));
            }
        }
        return segments;
    }

    /** The metadata, which the LPA can read because it is authenticated but not encrypted. */
    static byte[] metadata(Tlv bound) throws MalformedTlvException {
        ByteArrayOutputStream metadata = new ByteArrayOutputStream();
        for (Tlv segment : bound.require(0xA1).children()) {
            byte[] value = segment.expect(0x88).value();
            if (value.length < MAC_BYTES) {
                throw new MalformedTlvException("segment without MAC");
            }
            metadata.writeBytes(Arrays.copyOf(value, value.length - MAC_BYTES));
        }
        return metadata.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
