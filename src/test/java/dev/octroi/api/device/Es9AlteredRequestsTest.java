package dev.octroi.api.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.PendingNotification;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.rsp.order.CardPresence;
import dev.octroi.rsp.order.ProfileState;
import dev.octroi.testing.TestDatabase;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever bit of a request is flipped on its way, the server notices, changes nothing, and answers with a status. */
final class Es9AlteredRequestsTest {
    /** euiccNotificationSignature (SGP.22 v2.5 §5.6.4): tag and length of 64 bytes. */
    private static final String SIGNATURE = "5f3740";

    private static final int SIGNATURE_BYTES = 64;
    private static final int ROUNDS = 40;

    @TempDir
    private static Path folder;

    private static DeviceServer server;

    private final long seed = new SecureRandom().nextLong();
    private final Random positions = new Random(seed);

    @BeforeAll
    static void start() throws Exception {
        server = DeviceServer.start(folder, GsmaCurve.P256);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    /** Each round is an attempt to download. */
    private static DeviceServer.Ordered orderForManyAttempts() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        TestDatabase.execute(
                server.config(), "UPDATE profile SET download_limit = 1000 WHERE id = " + ordered.profileId());
        return ordered;
    }

    @Test
    void authenticationIsRefused() throws Exception {
        DeviceServer.Ordered ordered = orderForManyAttempts();
        try (RawDevice device = device(ordered, 60_001)) {
            for (int i = 0; i < ROUNDS; i++) {
                device.initiate();
                assertRefused(device, "authenticateClient", "authenticateServerResponse", device.authenticateRequest());
            }
        }
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.RELEASED);
    }

    @Test
    void downloadIsRefused() throws Exception {
        DeviceServer.Ordered ordered = orderForManyAttempts();
        try (RawDevice device = device(ordered, 60_002)) {
            for (int i = 0; i < ROUNDS; i++) {
                device.initiate();
                device.authenticate();
                assertRefused(device, "getBoundProfilePackage", "prepareDownloadResponse", device.packageRequest());
            }
        }
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.RELEASED);
    }

    @Test
    void cancellingIsRefused() throws Exception {
        DeviceServer.Ordered ordered = orderForManyAttempts();
        byte[] oid = new ObjectId("2.999.10").bytes();
        try (RawDevice device = device(ordered, 60_003)) {
            for (int i = 0; i < ROUNDS; i++) {
                device.initiate();
                device.authenticate();
                assertRefused(device, "cancelSession", "cancelSessionResponse", device.cancelRequest(0, oid));
            }
        }
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.RELEASED);
    }

    @Test
    void notificationChangesNothing() throws Exception {
        DeviceServer.Ordered ordered = orderForManyAttempts();
        VirtualEuicc card = server.card();
        try (Lpa lpa = server.device(card);
                RawDevice device = device(ordered, 60_004)) {
            card.enable(lpa.download(ordered.activationCode()).iccid());
            PendingNotification enabled = card.notifications().getFirst();
            for (int i = 0; i < ROUNDS; i++) {
                String body = RawDevice.object()
                        .put(
                                "pendingNotification",
                                Base64.getEncoder()
                                        .encodeToString(
                                                alteredReport(enabled.message().raw())))
                        .toString();
                assertThat(device.post("handleNotification", body).statusCode())
                        .as("seed %d, round %d", seed, i)
                        .isLessThan(500);
                assertThat(server.profile(ordered).status().presence())
                        .as("seed %d, round %d", seed, i)
                        .isEqualTo(CardPresence.NONE);
            }
            lpa.sendNotifications();
            assertThat(server.profile(ordered).status().presence()).isEqualTo(CardPresence.ENABLED);
        }
    }

    private void assertRefused(RawDevice device, String function, String field, ObjectNode request) throws Exception {
        byte[] message = Base64.getDecoder().decode(request.path(field).textValue());
        request.put(field, RawDevice.base64(altered(message)));
        HttpResponse<String> response = device.post(function, request.toString());
        assertThat(response.statusCode()).as("seed %d", seed).isEqualTo(200);
        assertThat(response.body()).as("seed %d", seed).contains("\"Failed\"", "reasonCode");
    }

    private byte[] altered(byte[] message) {
        return altered(message, message.length);
    }

    /** What the card signed, and its signature. The certificates behind it are looked at only where another key has signed. */
    private byte[] alteredReport(byte[] message) {
        int signature = HexFormat.of().formatHex(message).indexOf(SIGNATURE) / 2;
        assertThat(signature).isPositive();
        return altered(message, signature + SIGNATURE.length() / 2 + SIGNATURE_BYTES);
    }

    private byte[] altered(byte[] message, int upTo) {
        byte[] copy = message.clone();
        copy[positions.nextInt(upTo)] ^= (byte) (1 << positions.nextInt(8));
        return copy;
    }

    private static RawDevice device(DeviceServer.Ordered ordered, long number) {
        RawDevice device = new RawDevice(server, GsmaEid.test(number));
        device.matchingId = ordered.activationCode().split("\\$", -1)[2];
        return device;
    }
}
