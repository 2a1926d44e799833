package dev.octroi.db;

import java.util.OptionalLong;

/**
 * The external form of an identifier: a prefix that names the kind, an underscore and 13 characters of Crockford
 * base32, for example {@code sub_01JD2M4W5K7Z3}.
 */
public enum PublicId {
    TENANT("ten"),
    PLAN("plan"),
    ZONE("zone"),
    QUOTE("quote"),
    ORDER("order"),
    SUBSCRIPTION("sub"),
    PROFILE("prof"),
    ACCOUNT("acct"),
    ACTIVATION("act"),
    BUCKET("bkt"),
    RULE("rule"),
    RESTRICTION("rst"),
    DECISION("dec"),
    CALLBACK("cb"),
    ALARM("anom"),
    CASE("case"),
    WEBHOOK("whk"),
    EVENT("evt"),
    OPERATION("op"),
    PARTNER("partner"),
    TOP_UP("top"),
    QUARANTINED("qrn"),
    CHANGE("chg");

    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int LENGTH = 13;

    private final String prefix;

    PublicId(String prefix) {
        this.prefix = prefix + "_";
    }

    /** The external form of an identifier of this kind. */
    public String format(long id) {
        char[] text = new char[LENGTH];
        long rest = id;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = ALPHABET[(int) (rest & 31)];
            rest >>>= 5;
        }
        return prefix + new String(text);
    }

    /** Reads an external form; empty when it is not a well-formed identifier of this kind. */
    public OptionalLong parse(String text) {
        if (text.length() != prefix.length() + LENGTH || !text.startsWith(prefix)) {
            return OptionalLong.empty();
        }
        long id = 0;
        for (int i = prefix.length(); i < text.length(); i++) {
            int digit = digit(text.charAt(i));
            if (digit < 0 || id >>> 58 != 0) {
                return OptionalLong.empty();
            }
            id = id << 5 | digit;
        }
        return OptionalLong.of(id);
    }

    /** The pattern of an external form, as the OpenAPI contracts state it. */
    public String pattern() {
        return "^" + prefix + "[0-9A-HJKMNP-TV-Z]{13}$";
    }

    private static int digit(char c) {
        for (int i = 0; i < ALPHABET.length; i++) {
            if (ALPHABET[i] == c) {
                return i;
            }
        }
        return -1;
    }
}
