package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.Sensitive;

/**
 * A profile was ordered and released.
 *
 * @param iccid number of the profile
 * @param imsi number of the subscriber
 * @param smdpAddress of the server, as the activation code carries it
 * @param matchingId the token of the activation code
 * @param confirmationCodeRequired whether the device will ask for a code
 */
public record OrderedProfile(
        Sensitive<String> iccid,
        Sensitive<String> imsi,
        String smdpAddress,
        Sensitive<String> matchingId,
        boolean confirmationCodeRequired) {
    public OrderedProfile {
        requireNonNull(iccid, "iccid is null");
        requireNonNull(imsi, "imsi is null");
        requireNonNull(smdpAddress, "smdpAddress is null");
        requireNonNull(matchingId, "matchingId is null");
    }

    /** The activation code (SGP.22 §4.1), such as {@code LPA:1$smdp.example.com$K9W2-7QX4}. */
    public Sensitive<String> activationCode() {
        return matchingId.map(token -> "LPA:1$" + smdpAddress + "$" + token + (confirmationCodeRequired ? "$$1" : ""));
    }
}
