package dev.octroi.rsp.bound;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.asn1.Tlv;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operator that a profile belongs to (SGP.22 §2.4a.1.2).
 *
 * @param plmn its network
 * @param gid1 group identifier 1, as in EF.GID1, or null
 * @param gid2 group identifier 2, as in EF.GID2, or null
 */
@SuppressWarnings("ArrayRecordComponent")
public record ProfileOwner(Plmn plmn, byte @Nullable [] gid1, byte @Nullable [] gid2) {
    private static final int MAX_GID_BYTES = 32;

    public ProfileOwner {
        requireNonNull(plmn, "plmn is null");
        if ((gid1 != null && gid1.length > MAX_GID_BYTES) || (gid2 != null && gid2.length > MAX_GID_BYTES)) {
            throw new IllegalArgumentException("a group identifier has at most 32 bytes");
        }
    }

    /** An operator without group identifiers. */
    public static ProfileOwner of(Plmn plmn) {
        return new ProfileOwner(plmn, null, null);
    }

    Tlv encode() {
        List<Tlv> fields = new ArrayList<>();
        fields.add(Tlv.of(0x80, plmn.bytes()));
        if (gid1 != null) {
            fields.add(Tlv.of(0x81, gid1));
        }
        if (gid2 != null) {
            fields.add(Tlv.of(0x82, gid2));
        }
        return Tlv.constructed(0xB7, fields);
    }
}
