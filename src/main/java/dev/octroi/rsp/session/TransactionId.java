package dev.octroi.rsp.session;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names a session; 1 to 16 bytes.
 *
 * @param hex upper-case hexadecimal digits
 */
public record TransactionId(String hex) {
    /** Length of those made here, in bytes. */
    public static final int BYTES = 16;

    private static final Pattern FORM = Pattern.compile("([0-9A-F]{2}){1,16}");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    public TransactionId {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("a transaction id has 1 to 16 bytes");
        }
    }

    /** Draws a new one. */
    public static TransactionId draw(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return of(bytes);
    }

    /** Takes the bytes of a message, whose length was checked. */
    public static TransactionId of(byte[] bytes) {
        return new TransactionId(HEX.formatHex(bytes));
    }

    /** Reads the JSON form, in any case. */
    public static Optional<TransactionId> parse(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        return FORM.matcher(upper).matches() ? Optional.of(new TransactionId(upper)) : Optional.empty();
    }

    /** The bytes. */
    public byte[] bytes() {
        return HEX.parseHex(hex);
    }
}
