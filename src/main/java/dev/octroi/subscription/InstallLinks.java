package dev.octroi.subscription;

/**
 * Links that open the phone's own installer. Systems of phones do not decode the code, and {@code $} and {@code :} are
 * legal in a query (RFC 3986 §3.4): the raw form is the first choice, the encoded one for clients that cannot send it.
 * They carry the activation code and must not be logged.
 *
 * @param ios for iOS 17.4 and later
 * @param android for Android 10 and later, not on every device
 * @param iosEncoded as {@code ios}, percent-encoded
 * @param androidEncoded as {@code android}, percent-encoded
 */
public record InstallLinks(String ios, String android, String iosEncoded, String androidEncoded) {
    private static final String IOS = "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=";
    private static final String ANDROID = "https://esimsetup.android.com/esim_qrcode_provisioning?carddata=";

    /** The links of a code. */
    public static InstallLinks of(ActivationCode code) {
        String raw = code.text();
        // The only characters of a code that encoding touches.
        String encoded = raw.replace(":", "%3A").replace("$", "%24");
        return new InstallLinks(IOS + raw, ANDROID + raw, IOS + encoded, ANDROID + encoded);
    }

    @Override
    public String toString() {
        return "***";
    }
}
