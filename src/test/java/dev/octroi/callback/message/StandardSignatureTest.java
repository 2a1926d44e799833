package dev.octroi.callback.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class StandardSignatureTest {
    private static final CallbackKey KEY = CallbackKey.of(new SecretKeySpec(new byte[32], "Generic"));
    private static final String BODY = "{\"type\":\"policy.decided\",\"data\":{\"reason\":\"plafond dépassé\"}}";

    private final WebhookSecret secret = WebhookSecret.random(new SecureRandom());
    private final long now = Instant.now().getEpochSecond();

    @Test
    void publicLibraryVerifiesWhatWeSign() throws Exception {
        new Webhook(secret.text()).verify(BODY, headers(sign(List.of(secret))));
    }

    @Test
    void eitherSecretVerifiesDuringARotation() throws Exception {
        WebhookSecret next = WebhookSecret.random(new SecureRandom());
        String signature = sign(List.of(next, secret));
        new Webhook(secret.text()).verify(BODY, headers(signature));
        new Webhook(next.text()).verify(BODY, headers(signature));
    }

    @Test
    void everyFlippedByteIsRefused() throws Exception {
        Webhook verifier = new Webhook(secret.text());
        HttpHeaders headers = headers(sign(List.of(secret)));
        for (int i = 0; i < BODY.length(); i++) {
            char[] flipped = BODY.toCharArray();
            flipped[i] ^= 1;
            assertThatThrownBy(() -> verifier.verify(new String(flipped), headers))
                    .isInstanceOf(WebhookVerificationException.class);
        }
    }

    @Test
    void anotherIdOrTimeOrSecretIsRefused() throws Exception {
        String signature = sign(List.of(secret));
        Webhook verifier = new Webhook(secret.text());
        assertThatThrownBy(() -> verifier.verify(BODY, headers("evt_2", now, signature)))
                .isInstanceOf(WebhookVerificationException.class);
        assertThatThrownBy(() -> verifier.verify(BODY, headers("evt_1", now + 1, signature)))
                .isInstanceOf(WebhookVerificationException.class);
        assertThatThrownBy(() ->
                        new Webhook(WebhookSecret.random(new SecureRandom()).text()).verify(BODY, headers(signature)))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void publicKeyVerifiesTheAsymmetricSignature() throws Exception {
        byte[] signature = asymmetric(sign(List.of()));
        byte[] message = ("evt_1." + now + "." + BODY).getBytes(StandardCharsets.UTF_8);
        assertThat(verifies(message, signature)).isTrue();
        for (int i = 0; i < message.length; i++) {
            byte[] flipped = message.clone();
            flipped[i] ^= 1;
            assertThat(verifies(flipped, signature)).isFalse();
        }
    }

    private static boolean verifies(byte[] message, byte[] signature) throws Exception {
        byte[] key = Base64.getDecoder().decode(KEY.publicText().substring("whpk_".length()));
        byte[] prefix = HexFormat.of().parseHex("302a300506032b6570032100");
        byte[] encoded = Arrays.copyOf(prefix, prefix.length + key.length);
        System.arraycopy(key, 0, encoded, prefix.length, key.length);
        PublicKey publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(publicKey);
        verifier.update(message);
        return verifier.verify(signature);
    }

    private static byte[] asymmetric(String header) {
        String part = Arrays.stream(header.split(" "))
                .filter(each -> each.startsWith("v1a,"))
                .findFirst()
                .orElseThrow();
        return Base64.getDecoder().decode(part.substring(4));
    }

    private String sign(List<WebhookSecret> secrets) {
        return StandardSignature.of("evt_1", now, BODY.getBytes(StandardCharsets.UTF_8), KEY, secrets);
    }

    private HttpHeaders headers(String signature) {
        return headers("evt_1", now, signature);
    }

    private static HttpHeaders headers(String id, long seconds, String signature) {
        return HttpHeaders.of(
                Map.of(
                        "webhook-id", List.of(id),
                        "webhook-timestamp", List.of(Long.toString(seconds)),
                        "webhook-signature", List.of(signature)),
                (name, value) -> true);
    }
}
