package dev.octroi.rsp.euicc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.testing.Seeds;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever bit of a message is flipped on its way, the card notices; it never breaks. */
final class AlteredMessagesTest {
    private static final String EID = GsmaEid.test(8);
    private static final int ROUNDS = 200;

    private final SecureRandom random = new SecureRandom();
    private final long seed = Seeds.fresh();
    private final Random positions = new Random(seed);

    @TempDir
    Path folder;

    /** How many altered messages were still messages, so that the card saw them. */
    private int reached;

    private VirtualEuicc card;
    private TestSmdp server;

    @BeforeEach
    void newCard() throws Exception {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-01T00:00:00Z"));
        GsmaTestPki pki = GsmaTestPki.open(folder, List.of("localhost"), clock, random);
        card = VirtualEuicc.create(pki, EID, clock, random);
        server = new TestSmdp(pki.material(), random);
    }

    @Test
    void authenticationIsRefused() throws Exception {
        Tlv request = server.authenticateServerRequest(card.euiccChallenge());
        // What the LPA adds at the end is not signed by the server.
        int signedBytes = request.rawLength() - request.require(0xA0).rawLength();
        for (int i = 0; i < ROUNDS; i++) {
            assertRefused(altered(request, signedBytes), message -> card.authenticateServer(message));
        }
        assertThat(reached).as("seed %d", seed).isGreaterThan(ROUNDS / 2);
        assertThat(card.authenticateServer(request).find(0xA0)).isPresent();
    }

    @Test
    void preparationIsRefused() throws Exception {
        Tlv authenticated = card.authenticateServer(server.authenticateServerRequest(card.euiccChallenge()));
        Tlv request = server.prepareDownloadRequest(authenticated, new byte[0]);
        for (int i = 0; i < ROUNDS; i++) {
            assertRefused(altered(request, request.rawLength()), message -> card.prepareDownload(message));
        }
        assertThat(reached).as("seed %d", seed).isGreaterThan(ROUNDS / 2);
        assertThat(card.prepareDownload(request).find(0xA0)).isPresent();
    }

    @Test
    void packageIsNotInstalled() throws Exception {
        server.profilePadding = 2_000;
        for (int i = 0; i < ROUNDS / 4; i++) {
            Tlv authenticated = card.authenticateServer(server.authenticateServerRequest(card.euiccChallenge()));
            Tlv prepared = card.prepareDownload(server.prepareDownloadRequest(authenticated, new byte[0]));
            List<byte[]> segments = BoundPackageSegments.cut(server.boundPackage(prepared, EID));
            byte[] segment = segments.get(positions.nextInt(segments.size()));
            segment[positions.nextInt(segment.length)] ^= (byte) (1 << positions.nextInt(8));
            for (byte[] each : segments) {
                Optional<PendingNotification> result = card.loadSegment(each);
                if (result.isPresent()) {
                    break;
                }
            }
            assertThat(card.profiles()).as("seed %d, round %d", seed, i).isEmpty();
        }
    }

    private interface Function {
        Tlv call(Tlv message);
    }

    private void assertRefused(byte[] message, Function function) {
        Tlv parsed;
        try {
            parsed = Tlv.parse(message);
        } catch (MalformedTlvException e) {
            return;
        }
        reached++;
        Seeds.told(seed, () -> assertThat(function.call(parsed).find(0xA1)).isPresent());
    }

    private byte[] altered(Tlv message, int bytes) {
        byte[] raw = message.raw();
        raw[positions.nextInt(bytes)] ^= (byte) (1 << positions.nextInt(8));
        return raw;
    }
}
