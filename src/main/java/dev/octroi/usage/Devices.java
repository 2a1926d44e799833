package dev.octroi.usage;

import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import java.util.HexFormat;
import java.util.Optional;

/** Makes keyed hashes of equipment identities (3GPP TS 23.003 §6). */
public final class Devices {
    /** IMEI with or without its check digit, or IMEISV. */
    static final Form FORM = Form.of("[0-9]", 14, 16);

    /** Type allocation code and serial number: what follows is a check digit or the version of the software. */
    private static final int DEVICE_DIGITS = 14;

    private static final String UNKNOWN = "0".repeat(DEVICE_DIGITS);

    private Devices() {}

    /**
     * The keyed hash of a device, hexadecimal: the same for its IMEI and its IMEISV.
     *
     * @param digits 14 to 16 digits; anything else, and the zeros networks send for a device they do not know, is no
     *     device
     */
    public static Optional<String> hash(BlindIndex index, String digits) {
        if (!FORM.fits(digits) || digits.startsWith(UNKNOWN)) {
            return Optional.empty();
        }
        byte[] hash = index.network(IdentifierKind.IMEI, digits.substring(0, DEVICE_DIGITS));
        return Optional.of(HexFormat.of().formatHex(hash));
    }
}
