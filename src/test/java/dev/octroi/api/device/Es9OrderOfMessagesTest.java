package dev.octroi.api.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.order.ProfileState;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in any order, to any of two gateways on one database, against a plain model of what may follow what. */
class Es9OrderOfMessagesTest {
    private static final String UNKNOWN_SESSION = "8.10.1/3.9";
    private static final int STEPS = 80;

    @TempDir
    private static Path folder;

    private static DeviceServer server;
    private static DeviceServer second;

    @BeforeAll
    static void start() throws Exception {
        server = DeviceServer.start(folder, GsmaCurve.P256);
        second = server.beside();
    }

    @AfterAll
    static void stop() throws Exception {
        second.close();
        server.close();
    }

    private enum Session {
        NONE,
        INITIATED,
        AUTHENTICATED
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20261123})
    void onlyLegalOrdersMoveAProfile(long seed) throws Exception {
        Random random = new Random(seed);
        DeviceServer.Ordered ordered = server.order();
        byte[] iccid = new Iccid(ordered.profile().iccid().reveal()).efBytes();
        Session session = Session.NONE;
        ProfileState profile = ProfileState.RELEASED;
        byte[] bound = null;
        long sequence = 0;
        try (ProbeDevice device =
                new ProbeDevice(server, new PlainCard(server.pki(), GsmaEid.test(900_000 + seed % 1000)))) {
            device.transactionId = ProbeDevice.challenge();
            device.serverChallenge = ProbeDevice.challenge();
            device.smdpSignature2 = Tlv.of(0x5F37, new byte[64]);
            for (int step = 0; step < STEPS; step++) {
                device.reach(random.nextBoolean() ? server : second);
                boolean pending = profile == ProfileState.RELEASED || profile == ProfileState.DOWNLOADED;
                String where = "seed %d, step %d, %s, %s".formatted(seed, step, session, profile);
                switch (random.nextInt(7)) {
                    case 0 -> {
                        assertThat(ProbeDevice.status(device.initiate()))
                                .as(where)
                                .isEqualTo("ok");
                        session = Session.INITIATED;
                    }
                    case 1 -> {
                        String status = ProbeDevice.status(device.authenticate(
                                ordered.profile().matchingId().reveal()));
                        if (session != Session.INITIATED) {
                            assertThat(status).as(where).isEqualTo(UNKNOWN_SESSION);
                        } else {
                            assertThat(status).as(where).isEqualTo(pending ? "ok" : "8.2.6/3.8");
                            session = pending ? Session.AUTHENTICATED : Session.NONE;
                        }
                    }
                    case 2, 3 -> {
                        String status = ProbeDevice.status(device.download((byte[]) null));
                        if (session != Session.AUTHENTICATED) {
                            assertThat(status).as(where).isEqualTo(UNKNOWN_SESSION);
                        } else {
                            assertThat(status).as(where).isEqualTo(pending ? "ok" : "8.2/3.7");
                            if (pending) {
                                profile = ProfileState.DOWNLOADED;
                                bound = device.transactionId;
                            }
                        }
                    }
                    case 4 -> {
                        boolean postponed = random.nextBoolean();
                        Tlv message = device.card.cancelled(device.transactionId, "2.999.10", postponed ? 1 : 0);
                        String status = ProbeDevice.status(device.cancel(message));
                        if (session != Session.AUTHENTICATED) {
                            assertThat(status).as(where).isEqualTo(UNKNOWN_SESSION);
                        } else {
                            assertThat(status).as(where).isEqualTo("ok");
                            session = Session.NONE;
                            if (pending && !postponed) {
                                profile = ProfileState.ERROR;
                            }
                        }
                    }
                    case 5 -> {
                        byte[] transaction = bound == null ? ProbeDevice.challenge() : bound;
                        Tlv result = device.card.installed(transaction, ++sequence, iccid, null);
                        assertThat(device.notifyServer(result)).as(where).isEqualTo(204);
                        // A card that has the package may tell of it even when the order has ended meanwhile.
                        if (bound != null) {
                            profile = ProfileState.INSTALLED;
                        }
                    }
                    default -> {
                        server.reset(ordered);
                        if (profile != ProfileState.INSTALLED) {
                            profile = ProfileState.RELEASED;
                            bound = null;
                            session = session == Session.AUTHENTICATED ? Session.NONE : session;
                        }
                    }
                }
                assertThat(server.profile(ordered).status().state()).as(where).isEqualTo(profile);
                if (profile == ProfileState.INSTALLED && random.nextInt(4) == 0) {
                    // The next traveller: begin anew, with the session as it is.
                    ordered = server.order();
                    iccid = new Iccid(ordered.profile().iccid().reveal()).efBytes();
                    profile = ProfileState.RELEASED;
                    bound = null;
                    session = session == Session.AUTHENTICATED ? endOf(device) : session;
                }
            }
        }
    }

    /** Leaves a session that is about the profile before. */
    private static Session endOf(ProbeDevice device) {
        device.transactionId = ProbeDevice.challenge();
        return Session.NONE;
    }
}
