package dev.octroi.rsp.notification;

/** ErrorReason of SGP.22 §2.5.6 in words. */
final class InstallErrorReason {
    private InstallErrorReason() {}

    static String sentence(int reason) {
        return switch (reason) {
            case 1 -> "The package held values that the eSIM chip does not accept.";
            case 2 -> "The eSIM chip could not verify the server's signature.";
            case 3 -> "The package belongs to another session.";
            case 4, 5 -> "The eSIM chip does not support the kind of package.";
            case 6 -> "The eSIM chip does not accept this class of profile.";
            case 7, 8 -> "The package was damaged on its way.";
            case 9 -> "The profile is installed already.";
            case 10 -> "The eSIM chip has no room for this profile.";
            case 11 -> "The installation was interrupted.";
            case 12 -> "The eSIM chip could not process the profile.";
            case 13 -> "The package and its description name different profiles.";
            case 14 -> "The keys of the test profile are not those of a test profile.";
            case 15 -> "The device does not allow the rules of this profile.";
            default -> "The eSIM chip reported an error of another kind.";
        };
    }
}
