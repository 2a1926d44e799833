package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * An activation code (SGP.22 v2.5 §4.1). Whoever holds it may download the profile once, so it prints as {@code ***}.
 *
 * @param smdpAddress host name of the SM-DP+, with a port when it is not 443
 * @param matchingId the matching identifier, capital letters, digits and hyphens
 * @param confirmationCodeRequired whether the traveller also has to enter a confirmation code
 */
public record ActivationCode(String smdpAddress, String matchingId, boolean confirmationCodeRequired) {
    /** The longest activation code, with its {@code LPA:} prefix. */
    public static final int MAX_LENGTH = 255;

    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.-]{1,200}(:[0-9]{1,5})?");
    private static final Pattern MATCHING_ID = Pattern.compile("[0-9A-Z-]{0,200}");

    public ActivationCode {
        requireNonNull(smdpAddress, "smdpAddress is null");
        requireNonNull(matchingId, "matchingId is null");
        if (!isValid(smdpAddress, matchingId)) {
            throw new IllegalArgumentException("no activation code can carry this address with this matching id");
        }
    }

    /**
     * Whether an activation code can carry both: a host name without a scheme or a path, capital letters, digits and
     * hyphens, and not too long together.
     */
    public static boolean isValid(String smdpAddress, String matchingId) {
        return smdpAddress.length() + matchingId.length() <= MAX_LENGTH - 12
                && ADDRESS.matcher(smdpAddress).matches()
                && MATCHING_ID.matcher(matchingId).matches();
    }

    /** The text of the QR, for example {@code LPA:1$smdp.example.com$K9W2-7QX4}; with {@code $$1} for a confirmation code. */
    public String text() {
        return "LPA:1$" + smdpAddress + "$" + matchingId + (confirmationCodeRequired ? "$$1" : "");
    }

    @Override
    public String toString() {
        return "***";
    }
}
