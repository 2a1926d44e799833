package dev.octroi.rsp.euicc;

import dev.octroi.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Activation codes as an LPA reads them and as the server writes them: what one writes the other reads. */
public final class ActivationCodeFuzz implements FuzzTarget {
    @Override
    public void feed(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        try {
            ActivationCode.parse(text).toString();
        } catch (IllegalArgumentException declared) {
            // The declared failure.
        }
        write(text);
    }

    private static void write(String text) {
        int cut = text.indexOf('$');
        String written;
        try {
            written = new dev.octroi.subscription.ActivationCode(
                            cut < 0 ? text : text.substring(0, cut), cut < 0 ? "" : text.substring(cut + 1), true)
                    .text();
        } catch (IllegalArgumentException declared) {
            return;
        }
        ActivationCode read = ActivationCode.parse(written);
        if (!read.confirmationCodeRequired() || read.smdpOid().isPresent()) {
            throw new IllegalStateException("read otherwise than written");
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                bytes("LPA:1$smdp.example.com:8444$TOKEN-1$2.999.10$1"),
                bytes("1$smdp.example.com$TOKEN$$1"),
                bytes("LPA:1$[::1]:8444$"),
                bytes("smdp.example.com:8444$TOKEN-1"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
