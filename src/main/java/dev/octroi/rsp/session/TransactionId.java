package dev.octroi.rsp.session;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Names a session; 1 to 16 bytes.
 *
 * @param hex upper-case hexadecimal digits
 */
public record TransactionId(String hex) {
    /** Length of those made here, in bytes. */
    public static final int BYTES = 16;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    public TransactionId {
        if (!isWellFormed(hex)) {
            throw new IllegalArgumentException("a transaction id has 1 to 16 bytes");
        }
    }

    private static boolean isWellFormed(String text) {
        return !text.isEmpty()
                && text.length() <= 2 * BYTES
                && text.length() % 2 == 0
                && text.chars().allMatch(each -> (each >= '0' && each <= '9') || (each >= 'A' && each <= 'F'));
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
        return isWellFormed(upper) ? Optional.of(new TransactionId(upper)) : Optional.empty();
    }

    /** The bytes. */
    public byte[] bytes() {
        return HEX.parseHex(hex);
    }
}
