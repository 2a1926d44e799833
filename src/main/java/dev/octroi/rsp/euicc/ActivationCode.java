package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An activation code: {@code LPA:1$host$token[$oid][$1]} (SGP.22 v2.5 §4.1).
 *
 * @param smdpAddress host name, possibly with a port
 * @param matchingId the token; empty when the SM-DP+ knows the card by its EID
 * @param smdpOid the object identifier that the SM-DP+ must prove
 * @param confirmationCodeRequired whether the user will be asked for a code
 */
public record ActivationCode(
        String smdpAddress, String matchingId, Optional<String> smdpOid, boolean confirmationCodeRequired) {
    private static final int MAX_LENGTH = 255;
    private static final String PREFIX = "LPA:";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?|\\[[0-9a-fA-F:]+](:[0-9]{1,5})?");
    private static final Pattern TOKEN = Pattern.compile("[0-9A-Z-]*");
    private static final Pattern OID = Pattern.compile("[0-2](\\.[0-9]+)+");

    public ActivationCode {
        requireNonNull(smdpAddress, "smdpAddress is null");
        requireNonNull(matchingId, "matchingId is null");
        requireNonNull(smdpOid, "smdpOid is null");
    }

    /**
     * The default SM-DP+ of a device: without a token the server knows the card by its EID.
     *
     * @param address host name, possibly with a port
     */
    public static ActivationCode ofDefaultSmdp(String address) {
        if (address.length() > MAX_LENGTH || !HOST.matcher(address).matches()) {
            throw new IllegalArgumentException("not the address of an SM-DP+");
        }
        return new ActivationCode(address, "", Optional.empty(), false);
    }

    /** Reads a code, with or without the prefix that only QR codes carry; blanks around it do not matter. */
    public static ActivationCode parse(String scanned) {
        if (scanned.length() > MAX_LENGTH) {
            throw malformed("longer than 255 characters");
        }
        String text = scanned.strip();
        String code = text.regionMatches(true, 0, PREFIX, 0, PREFIX.length()) ? text.substring(PREFIX.length()) : text;
        List<String> parts = List.of(code.split("\\$", -1));
        if (parts.size() < 3 || parts.size() > 5) {
            throw malformed("needs three to five parts");
        }
        if (!parts.get(0).equals("1")) {
            throw malformed("unknown format");
        }
        String oid = parts.size() > 3 ? parts.get(3) : "";
        String flag = parts.size() > 4 ? parts.get(4) : "";
        if (!HOST.matcher(parts.get(1)).matches()) {
            throw malformed("no address");
        }
        if (!TOKEN.matcher(parts.get(2)).matches()) {
            throw malformed("token with other characters than 0-9, A-Z and -");
        }
        if (!oid.isEmpty() && !OID.matcher(oid).matches()) {
            throw malformed("not an object identifier");
        }
        if (!flag.isEmpty() && !flag.equals("1")) {
            throw malformed("unknown confirmation code flag");
        }
        return new ActivationCode(
                parts.get(1), parts.get(2), oid.isEmpty() ? Optional.empty() : Optional.of(oid), flag.equals("1"));
    }

    private static IllegalArgumentException malformed(String complaint) {
        return new IllegalArgumentException("not an activation code: " + complaint);
    }

    /** Hides the token. */
    @Override
    public String toString() {
        return "ActivationCode[" + smdpAddress + "]";
    }
}
