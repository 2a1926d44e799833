package dev.octroi.rsp.euicc;

/**
 * A profile on the card.
 *
 * @param iccid 18 to 20 digits
 * @param aid of the ISD-P, hexadecimal
 * @param sizeBytes of the profile package
 * @param smdpOid who delivered it
 */
public record CardProfile(
        String iccid,
        String aid,
        boolean enabled,
        String serviceProvider,
        String profileName,
        int sizeBytes,
        String smdpOid) {

    /** Hides the number of the profile. */
    @Override
    public String toString() {
        return "CardProfile[" + serviceProvider + ", " + profileName + (enabled ? ", enabled]" : ", disabled]");
    }
}
