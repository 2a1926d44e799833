package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Tlv;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the device around the card says of itself (DeviceInfo, SGP.22 v2.5 §4.2).
 *
 * @param tac type allocation code, 8 digits
 * @param imei 15 digits, of which the first 8 are the TAC; null keeps it private, as phones do
 * @param releases the 3GPP release that each radio conforms to, 0 to 99, by name: gsm, utran, eutran (4G), nr (5G core)
 */
public record DeviceInfo(String tac, @Nullable String imei, Map<String, Integer> releases) {
    private static final Pattern TAC = Pattern.compile("[0-9]{8}");
    private static final Pattern IMEI = Pattern.compile("[0-9]{15}");
    private static final Map<String, Integer> RADIOS = Map.of("gsm", 0x80, "utran", 0x81, "eutran", 0x85, "nr", 0x89);
    private static final HexFormat HEX = HexFormat.of();

    public DeviceInfo {
        requireNonNull(tac, "tac is null");
        releases = Map.copyOf(releases);
        if (!TAC.matcher(tac).matches()) {
            throw new IllegalArgumentException("a TAC has 8 digits");
        }
        if (imei != null && (!IMEI.matcher(imei).matches() || !imei.startsWith(tac))) {
            throw new IllegalArgumentException("an IMEI has 15 digits and begins with the TAC");
        }
        releases.forEach((radio, release) -> {
            if (!RADIOS.containsKey(radio) || release < 0 || release > 99) {
                throw new IllegalArgumentException("radios are gsm, utran, eutran and nr, releases 0 to 99");
            }
        });
    }

    /** A phone with 2G, 3G and 4G. */
    public static DeviceInfo standard() {
        return new DeviceInfo("35290611", null, Map.of("gsm", 5, "utran", 8, "eutran", 15));
    }

    /** DeviceInfo with the tag that it has within CtxParams1. */
    Tlv element() {
        SortedMap<Integer, Integer> byTag = new TreeMap<>();
        releases.forEach((radio, release) -> byTag.put(RADIOS.getOrDefault(radio, 0), release));
        List<Tlv> capabilities = new ArrayList<>();
        byTag.forEach((tag, release) -> capabilities.add(Tlv.of(tag, new byte[] {release.byteValue(), 0, 0})));
        List<Tlv> parts = new ArrayList<>();
        parts.add(Tlv.of(0x80, HEX.parseHex(tac)));
        parts.add(Tlv.constructed(0xA1, capabilities));
        if (imei != null) {
            // The last half byte is filled up (3GPP TS 23.003).
            parts.add(Tlv.of(0x82, HEX.parseHex(imei + "F")));
        }
        return Tlv.constructed(0xA1, parts);
    }

    /** Hides the IMEI. */
    @Override
    public String toString() {
        return "DeviceInfo[" + tac + ", " + releases.keySet() + "]";
    }
}
