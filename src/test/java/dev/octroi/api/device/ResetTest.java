package dev.octroi.api.device;

import static dev.octroi.api.device.ProbeDevice.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.order.ErrorCause;
import dev.octroi.rsp.order.ProfileChange;
import dev.octroi.rsp.order.ProfileRow;
import dev.octroi.rsp.order.ProfileState;
import dev.octroi.rsp.order.ProfileStatus;
import dev.octroi.rsp.order.ProfileStep;
import dev.octroi.rsp.order.ProgressStore;
import dev.octroi.rsp.order.ResetOutcome;
import dev.octroi.rsp.order.ResetOutcome.Reason;
import dev.octroi.rsp.order.ResetRequest;
import dev.octroi.rsp.order.ResetRequest.Wish;
import dev.octroi.secret.Sensitive;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A profile never gets stuck: resets by people, and the return after a failed installation, told through ES9+. */
class ResetTest {
    private static final AtomicLong CARDS = new AtomicLong(70_000);
    private static final ProfileChange.Note NOTE = new ProfileChange.Note("reseller", "The phone was wiped");
    private static final String UNKNOWN_SESSION = "8.10.1/3.9";

    @TempDir
    private static Path folder;

    private static DeviceServer server;

    @BeforeAll
    static void start() throws Exception {
        server = DeviceServer.start(folder, GsmaCurve.P256);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static ProbeDevice device() {
        return new ProbeDevice(server, new PlainCard(server.pki(), GsmaEid.test(CARDS.incrementAndGet())));
    }

    private static ProbeDevice device(String eid) {
        return new ProbeDevice(server, new PlainCard(server.pki(), eid));
    }

    private static String token(DeviceServer.Ordered ordered) {
        return ordered.profile().matchingId().reveal();
    }

    private static ProfileStatus statusOf(DeviceServer.Ordered ordered) throws Exception {
        return server.profile(ordered).status();
    }

    private static ResetRequest wish(
            boolean freshCode, boolean liftCard, Wish<Instant> end, Wish<Sensitive<String>> code) {
        return new ResetRequest(freshCode, liftCard, end, code, NOTE);
    }

    private static ResetRequest freshCode() {
        return wish(true, false, new Wish.Keep<>(), new Wish.Keep<>());
    }

    private static ProfileRow done(ResetOutcome outcome) {
        assertThat(outcome).isInstanceOf(ResetOutcome.Done.class);
        return ((ResetOutcome.Done) outcome).profile();
    }

    private static void fetch(ProbeDevice device, DeviceServer.Ordered ordered) throws Exception {
        assertThat(status(device.initiate())).isEqualTo("ok");
        assertThat(status(device.authenticate(token(ordered)))).isEqualTo("ok");
        assertThat(status(device.download((byte[]) null))).isEqualTo("ok");
    }

    private static byte[] iccid(DeviceServer.Ordered ordered) {
        return new Iccid(ordered.profile().iccid().reveal()).efBytes();
    }

    @Test
    void eachStepOfAProfileIsToldWithTheCardThatItIsAbout() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        String a = GsmaEid.test(CARDS.incrementAndGet());
        String b = GsmaEid.test(CARDS.incrementAndGet());
        try (ProbeDevice first = device(a);
                ProbeDevice second = device(b)) {
            fetch(first, ordered);
            first.notifyServer(first.card.installed(first.transactionId, 1, iccid(ordered), new int[] {5, 10}));
            fetch(second, ordered);
            first.initiate();
            assertThat(status(first.authenticate(token(ordered)))).isEqualTo("8.1.1/3.8");
            second.notifyServer(second.card.installed(second.transactionId, 1, iccid(ordered), null));
            assertThat(told(ordered))
                    .containsExactly(
                            "authenticated " + a,
                            "downloaded " + a,
                            "installed " + a,
                            "authenticated " + b,
                            "downloaded " + b,
                            "authenticated " + a,
                            "installed " + b);
        }
    }

    /** What the operator is told of a profile: step and card. */
    private static List<String> told(DeviceServer.Ordered ordered) throws Exception {
        long id = ordered.profileId();
        List<String> told = new ArrayList<>();
        for (String row : TestDatabase.rows(
                server.config(),
                "SELECT payload::text FROM outbox WHERE stream = 'es2' AND key = " + id + " ORDER BY version")) {
            JsonObject payload = new JsonObject(row);
            if (!payload.getString("step").equals("released")) {
                told.add(payload.getString("step") + " "
                        + server.sealer()
                                .openText(
                                        OutboxRow.cardPlace(1, id),
                                        Base64.getDecoder().decode(payload.getString("card"))));
            }
        }
        return told;
    }

    @ParameterizedTest
    @CsvSource({
        "state = 'released', ok",
        "state = 'downloaded', ok",
        "'state = ''error'', error_cause = ''install_failed''', ok",
        "'state = ''error'', error_cause = ''download_limit'', downloads = 10', ok",
        "'state = ''error'', error_cause = ''confirmation_limit'', confirmations = 5', ok",
        "'state = ''error'', error_cause = ''cancelled''', ok",
        "state = 'installed', ON_A_CARD",
        "'state = ''installed'', card_state = ''enabled''', ON_A_CARD",
        "'state = ''installed'', card_state = ''disabled''', ON_A_CARD",
        "'state = ''unavailable'', card_state = ''deleted''', ok",
        "state = 'unavailable', UNAVAILABLE",
        "state = 'available', NOT_RELEASED",
        "state = 'allocated', NOT_RELEASED",
        "state = 'linked', NOT_RELEASED",
        "state = 'confirmed', NOT_RELEASED",
    })
    void eachStateIsResetOrRefusedWithItsReason(String assignment, String expected) throws Exception {
        DeviceServer.Ordered ordered = server.order();
        set(ordered, assignment);
        ProfileStatus before = statusOf(ordered);
        ResetOutcome outcome = server.reset(ordered, ResetRequest.plain(NOTE));
        if (!expected.equals("ok")) {
            assertThat(outcome).isEqualTo(new ResetOutcome.Refused(Reason.valueOf(expected)));
            assertThat(statusOf(ordered)).isEqualTo(before);
            return;
        }
        ProfileStatus after = statusOf(ordered);
        assertThat(done(outcome).status()).isEqualTo(after);
        assertThat(after.state()).isEqualTo(ProfileState.RELEASED);
        assertThat(after.downloads()).isZero();
        assertThat(after.confirmations()).isZero();
        assertThat(after.life().no()).isEqualTo(before.life().no() + 1);
        ProgressStore.Entry told = server.timeline(ordered).getLast();
        assertThat(told.step()).isEqualTo(ProfileStep.RESET);
        assertThat(told.note()).isEqualTo("The phone was wiped");
        try (ProbeDevice device = device()) {
            fetch(device, ordered);
        }
    }

    @Test
    void aProfileOfNobodyIsUnknown() throws Exception {
        DeviceServer.Ordered nobody = new DeviceServer.Ordered(1, server.order().profile());
        assertThat(server.reset(nobody, ResetRequest.plain(NOTE))).isInstanceOf(ResetOutcome.Unknown.class);
    }

    @Test
    void aFreshCodeWorksAndTheOldOneIsDead() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice device = device()) {
            fetch(device, ordered);
            String fresh = server.code(done(server.reset(ordered, freshCode())));
            assertThat(fresh).isNotEqualTo(token(ordered));
            device.initiate();
            assertThat(status(device.authenticate(token(ordered)))).isEqualTo("8.2.6/3.8");
            device.initiate();
            assertThat(status(device.authenticate(fresh))).isEqualTo("ok");
        }
    }

    @Test
    void aCardThatOnlyCameFirstIsForgottenAndOneThatTheOrderNamesStaysUntilItIsLifted() throws Exception {
        String eid = GsmaEid.test(CARDS.incrementAndGet());
        DeviceServer.Ordered open = server.order();
        DeviceServer.Ordered reserved = server.order(null, new Eid(eid), null);
        try (ProbeDevice named = device(eid);
                ProbeDevice other = device()) {
            fetch(named, open);
            done(server.reset(open, ResetRequest.plain(NOTE)));
            fetch(other, open);

            fetch(named, reserved);
            done(server.reset(reserved, ResetRequest.plain(NOTE)));
            other.initiate();
            assertThat(status(other.authenticate(token(reserved)))).isEqualTo("8.1.1/3.8");
            done(server.reset(reserved, wish(false, true, new Wish.Keep<>(), new Wish.Keep<>())));
            fetch(other, reserved);
        }
    }

    @Test
    void aProfileThatNobodyCouldFetchIsNotMade() throws Exception {
        String eid = GsmaEid.test(CARDS.incrementAndGet());
        DeviceServer.Ordered ordered = server.order(null, new Eid(eid), null);
        set(ordered, "matching_sealed = NULL, matching_idx = NULL");
        ResetRequest lift = wish(false, true, new Wish.Keep<>(), new Wish.Keep<>());
        assertThat(server.reset(ordered, lift)).isEqualTo(new ResetOutcome.Refused(Reason.CODE_NEEDED));
        assertThat(server.code(done(server.reset(ordered, wish(true, true, new Wish.Keep<>(), new Wish.Keep<>())))))
                .isNotBlank();
    }

    @Test
    void anOrderWhoseTimeIsOverNeedsANewEndOrNone() throws Exception {
        DeviceServer.Ordered ordered = server.order(null, null, server.now().minusSeconds(1));
        try (ProbeDevice device = device()) {
            device.initiate();
            assertThat(status(device.authenticate(token(ordered)))).isEqualTo("8.8.5/4.10");
            assertThat(statusOf(ordered).errorCause()).isEqualTo(ErrorCause.EXPIRED);
            ResetOutcome.Refused needed = new ResetOutcome.Refused(Reason.EXPIRY_NEEDED);
            assertThat(server.reset(ordered, ResetRequest.plain(NOTE))).isEqualTo(needed);
            Instant past = server.now().minusSeconds(5);
            assertThat(server.reset(ordered, wish(false, false, new Wish.Put<>(past), new Wish.Keep<>())))
                    .isEqualTo(needed);
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.ERROR);
            Instant end = Instant.ofEpochSecond(server.now().getEpochSecond() + 3_600);
            assertThat(done(server.reset(ordered, wish(false, false, new Wish.Put<>(end), new Wish.Keep<>())))
                            .limits()
                            .expiresAt())
                    .isEqualTo(end);
            fetch(device, ordered);
            done(server.reset(ordered, wish(false, false, new Wish.Drop<>(), new Wish.Keep<>())));
            assertThat(server.profile(ordered).limits().expiresAt()).isNull();
        }
    }

    @Test
    void aNewConfirmationCodeReplacesTheOldOneOrNoneIsAskedFor() throws Exception {
        DeviceServer.Ordered ordered = server.order("4711", null, null);
        try (ProbeDevice device = device()) {
            done(server.reset(ordered, wish(false, false, new Wish.Keep<>(), new Wish.Put<>(Sensitive.of("0815")))));
            device.initiate();
            device.authenticate(token(ordered));
            assertThat(status(device.download(PlainCard.confirmation("4711", device.transactionId))))
                    .isEqualTo("8.2.7/3.8");
            assertThat(statusOf(ordered).confirmations()).isEqualTo(1);
            assertThat(status(device.download(PlainCard.confirmation("0815", device.transactionId))))
                    .isEqualTo("ok");
            done(server.reset(ordered, wish(false, false, new Wish.Keep<>(), new Wish.Drop<>())));
            assertThat(statusOf(ordered).confirmations()).isZero();
            fetch(device, ordered);
        }
    }

    @Test
    void sessionsAndReportsOfTheLifeBeforeAreOver() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        String eid = GsmaEid.test(CARDS.incrementAndGet());
        try (ProbeDevice device = device(eid);
                ProbeDevice late = device(eid)) {
            device.initiate();
            device.authenticate(token(ordered));
            fetch(late, ordered);
            done(server.reset(ordered, ResetRequest.plain(NOTE)));
            assertThat(status(late.download((byte[]) null))).isEqualTo(UNKNOWN_SESSION);
            assertThat(status(device.cancel(device.card.cancelled(device.transactionId, "2.999.10", 0))))
                    .isEqualTo(UNKNOWN_SESSION);
            assertThat(late.notifyServer(late.card.installed(late.transactionId, 1, iccid(ordered), null)))
                    .isEqualTo(204);
            assertThat(late.notifyServer(late.card.changed(2, "0640", iccid(ordered))))
                    .isEqualTo(204);
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.RELEASED);
            assertThat(statusOf(ordered).downloads()).isZero();
            fetch(device, ordered);
        }
    }

    @Test
    void aLateSuccessOfTheLifeBeforeCountsOnlyOfTheCardThatFetchedTheProfileAgain() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice first = device(GsmaEid.test(CARDS.incrementAndGet()));
                ProbeDevice other = device(GsmaEid.test(CARDS.incrementAndGet()))) {
            fetch(first, ordered);
            byte[] former = first.transactionId;
            done(server.reset(ordered, ResetRequest.plain(NOTE)));

            report(first, former, 1, ordered, null);
            assertThat(statusOf(ordered).state()).as("it waits").isEqualTo(ProfileState.RELEASED);
            fetch(other, ordered);
            report(first, former, 2, ordered, null);
            assertThat(statusOf(ordered).state()).as("another card fetched it").isEqualTo(ProfileState.DOWNLOADED);

            done(server.reset(ordered, ResetRequest.plain(NOTE)));
            fetch(first, ordered);
            report(first, former, 3, ordered, new int[] {5, 11});
            assertThat(statusOf(ordered).state()).as("a failure is over").isEqualTo(ProfileState.DOWNLOADED);
            report(first, former, 4, ordered, null);
            assertThat(statusOf(ordered).state()).as("the card has it").isEqualTo(ProfileState.INSTALLED);
        }
    }

    /** A phone that lost the connection scans again; the card has no room for what it has already, and tells that first. */
    @Test
    void aSuccessThatIsToldAfterTheFailureOfALaterPackageCountsAndTheCardKeepsTheProfile() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice device = device(GsmaEid.test(CARDS.incrementAndGet()));
                ProbeDevice other = device(GsmaEid.test(CARDS.incrementAndGet()))) {
            fetch(device, ordered);
            byte[] former = device.transactionId;
            fetch(device, ordered);
            report(device, device.transactionId, 2, ordered, new int[] {5, 10});
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.RELEASED);
            report(other, former, 1, ordered, null);
            assertThat(statusOf(ordered).state()).as("signed by a stranger").isEqualTo(ProfileState.RELEASED);
            report(device, former, 1, ordered, null);
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.INSTALLED);

            other.initiate();
            assertThat(status(other.authenticate(token(ordered)))).isNotEqualTo("ok");
            assertThat(device.notifyServer(device.card.changed(3, "0410", iccid(ordered))))
                    .isEqualTo(204);
            assertThat(statusOf(ordered).state()).as("deleted").isEqualTo(ProfileState.UNAVAILABLE);
        }
    }

    @Test
    void aSuccessThatIsToldAfterAnotherCardFetchedTheProfileDoesNotTakeItAway() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice device = device(GsmaEid.test(CARDS.incrementAndGet()));
                ProbeDevice other = device(GsmaEid.test(CARDS.incrementAndGet()))) {
            fetch(device, ordered);
            byte[] former = device.transactionId;
            fetch(device, ordered);
            report(device, device.transactionId, 2, ordered, new int[] {5, 10});
            fetch(other, ordered);
            report(device, former, 1, ordered, null);
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.DOWNLOADED);
        }
    }

    /** Between the messages of a download keys may be rotated, and the old one destroyed. */
    @Test
    void aStepDoesNotPutTheCardsNumberBackUnderTheKeyThatItWasReadUnder() throws Exception {
        String eid = GsmaEid.test(CARDS.incrementAndGet());
        DeviceServer.Ordered ordered = server.order("4711", new Eid(eid), null);
        try (ProbeDevice device = device(eid)) {
            assertThat(status(device.initiate())).isEqualTo("ok");
            assertThat(status(device.authenticate(token(ordered)))).isEqualTo("ok");
            set(ordered, "eid_sealed = eid_sealed || '\\xbeef'");
            assertThat(status(device.download(new byte[32]))).isEqualTo("8.2.7/3.8");
            assertThat(TestDatabase.rows(
                            server.config(),
                            "SELECT encode(substr(eid_sealed, length(eid_sealed) - 1), 'hex') FROM profile WHERE id = "
                                    + ordered.profileId()))
                    .isEqualTo(List.of("beef"));
        }
    }

    @Test
    void deletionOfTheLifeBeforeThatIsToldLateTakesNoAttemptAway() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice device = device()) {
            fetch(device, ordered);
            done(server.reset(ordered));
            fetch(device, ordered);
            assertThat(device.notifyServer(device.card.changed(12, "0410", iccid(ordered))))
                    .isEqualTo(204);
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.UNAVAILABLE);
            report(device, device.transactionId, 11, ordered, new int[] {5, 11});
            assertThat(statusOf(ordered).state()).as("told before the deletion").isEqualTo(ProfileState.UNAVAILABLE);
            report(device, device.transactionId, 13, ordered, new int[] {5, 11});
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.RELEASED);
            fetch(device, ordered);
            report(device, device.transactionId, 14, ordered, null);
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.INSTALLED);
        }
    }

    private static void report(
            ProbeDevice device,
            byte[] transactionId,
            int sequence,
            DeviceServer.Ordered ordered,
            int @Nullable [] failure)
            throws Exception {
        assertThat(device.notifyServer(device.card.installed(transactionId, sequence, iccid(ordered), failure)))
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 20261128})
    void aResetDuringADownloadLeavesAProfileThatBeginsAnew(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 12; round++) {
            DeviceServer.Ordered ordered = server.order();
            try (ProbeDevice device = device()) {
                device.initiate();
                device.authenticate(token(ordered));
                boolean resetFirst = random.nextBoolean();
                Future<ResetOutcome> early =
                        resetFirst ? server.beginReset(ordered, ResetRequest.plain(NOTE)) : Future.succeededFuture();
                String downloaded = status(device.download((byte[]) null));
                ResetOutcome outcome =
                        resetFirst ? DeviceServer.await(early) : server.reset(ordered, ResetRequest.plain(NOTE));
                done(outcome);
                String where = "seed %d, round %d, reset first: %s".formatted(seed, round, resetFirst);
                assertThat(downloaded).as(where).isIn("ok", UNKNOWN_SESSION);
                assertThat(statusOf(ordered).state()).as(where).isEqualTo(ProfileState.RELEASED);
                assertThat(statusOf(ordered).downloads()).as(where).isZero();
                fetch(device, ordered);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3,3", "7,3", "8,3", "10,6", "11,6", "127,2"})
    void aPassingFailureReturnsTheProfileUntilItsLimitAndAResetCountsAnew(int reason, int limit) throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice device = device()) {
            for (int failure = 1; failure <= limit; failure++) {
                fetch(device, ordered);
                fail(device, ordered, failure, reason);
                ProfileStatus status = statusOf(ordered);
                assertThat(status.state())
                        .as("failure %d", failure)
                        .isEqualTo(failure < limit ? ProfileState.RELEASED : ProfileState.ERROR);
                assertThat(status.downloads()).isEqualTo(failure);
                assertThat(server.timeline(ordered).getLast().refusal().detail())
                        .isEqualTo("install." + reason);
            }
            assertThat(statusOf(ordered).errorCause()).isEqualTo(ErrorCause.INSTALL_FAILED);
            assertThat(statusOf(ordered).errorDetail()).isEqualTo("install." + reason);
            done(server.reset(ordered, ResetRequest.plain(NOTE)));
            fetch(device, ordered);
            fail(device, ordered, limit + 1, reason);
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.RELEASED);
        }
    }

    @Test
    void afterAPassingFailureAnotherPhoneMayHaveTheProfile() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice full = device();
                ProbeDevice other = device()) {
            fetch(full, ordered);
            other.initiate();
            assertThat(status(other.authenticate(token(ordered)))).isEqualTo("8.1.1/3.8");
            fail(full, ordered, 1, 10);
            fetch(other, ordered);
            other.notifyServer(other.card.installed(other.transactionId, 1, iccid(ordered), null));
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.INSTALLED);
        }
    }

    @Test
    void theTimelineTellsWhatTheCardRefusedAndWhatItIs() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice device = device()) {
            device.initiate();
            device.authenticate(token(ordered));
            Tlv refusal = Tlv.constructed(
                    0xBF21, Tlv.constructed(0xA1, Tlv.of(0x80, device.transactionId), Tlv.integer(0x02, 2)));
            assertThat(status(device.download(refusal))).isEqualTo("8.1/6.1");
            ProgressStore.Entry told = server.timeline(ordered).getLast();
            assertThat(told.step()).isEqualTo(ProfileStep.DOWNLOADED);
            assertThat(told.refusal().detail()).isEqualTo("prepare.2");
            assertThat(told.refusal().message()).contains("offer's signature");
            fetch(device, ordered);
            ProgressStore.Entry authenticated =
                    server.timeline(ordered).get(server.timeline(ordered).size() - 2);
            assertThat(authenticated.device().getString("tac")).hasSize(8);
            assertThat(server.timeline(ordered).getLast().attempt()).isEqualTo(2);
        }
    }

    private static void fail(ProbeDevice device, DeviceServer.Ordered ordered, int sequence, int reason)
            throws Exception {
        int[] failure = {5, reason};
        assertThat(device.notifyServer(device.card.installed(device.transactionId, sequence, iccid(ordered), failure)))
                .isEqualTo(204);
    }

    private static void set(DeviceServer.Ordered ordered, @Nullable String assignment) {
        TestDatabase.execute(
                server.config(), "UPDATE profile SET " + assignment + " WHERE id = " + ordered.profileId());
    }
}
