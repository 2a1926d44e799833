package dev.octroi.api.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.euicc.ActivationCode;
import dev.octroi.rsp.euicc.CardFacts;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaException;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.rsp.order.CardPresence;
import dev.octroi.rsp.order.ErrorCause;
import dev.octroi.rsp.order.ProfileChange;
import dev.octroi.rsp.order.ProfileState;
import dev.octroi.rsp.order.ProfileStep;
import dev.octroi.rsp.order.ProgressStore;
import dev.octroi.rsp.order.ResetOutcome;
import dev.octroi.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole downloads: a real LPA and card over TLS, a real database. */
class Es9DownloadTest {
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

    @Test
    void cardFindsTheVeryIccidThatWasOrderedAndTheTimelineTellsAll() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        VirtualEuicc card = server.card();
        try (Lpa lpa = server.device(card)) {
            assertThat(lpa.download(ordered.activationCode()).iccid())
                    .isEqualTo(ordered.profile().iccid().reveal());
            assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.INSTALLED);
            lpa.enable(ordered.profile().iccid().reveal());
            assertThat(server.profile(ordered).status().presence()).isEqualTo(CardPresence.ENABLED);
            lpa.disable(ordered.profile().iccid().reveal());
            lpa.delete(ordered.profile().iccid().reveal());
        }
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.UNAVAILABLE);
        assertThat(server.timeline(ordered))
                .extracting(ProgressStore.Entry::step)
                .containsExactly(
                        ProfileStep.RELEASED,
                        ProfileStep.AUTHENTICATED,
                        ProfileStep.DOWNLOADED,
                        ProfileStep.INSTALLED,
                        ProfileStep.ENABLED,
                        ProfileStep.DISABLED,
                        ProfileStep.DELETED);
        assertThat(server.timeline(ordered).get(1).device().getString("tac")).isEqualTo("35290611");
        assertThat(server.changes())
                .filteredOn(change -> change.profileId() == ordered.profileId())
                .extracting(ProfileChange::no)
                .containsExactly(2, 3, 4, 5, 6, 7);
    }

    @Test
    void everyStepForTheOperatorIsPutDownInOrder() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (Lpa lpa = server.device(server.card())) {
            lpa.download(ordered.activationCode());
        }
        List<String> rows = new ArrayList<>();
        try (Connection connection = TestDatabase.connect(server.config());
                ResultSet result = connection
                        .createStatement()
                        .executeQuery("SELECT payload->>'step' || ' ' || (payload->>'status') FROM outbox"
                                + " WHERE stream = 'es2' AND key = " + ordered.profileId()
                                + " ORDER BY version")) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        assertThat(rows)
                .containsExactly(
                        "authenticated Executed-Success", "downloaded Executed-Success", "installed Executed-Success");
    }

    @Test
    void anUnknownMatchingIdIsRefused() {
        assertRefused("LPA:1$" + server.address() + "$AAAAA-BBBBB", server.card(), "8.2.6/3.8");
    }

    @Test
    void anInstalledProfileIsRefusedToTheNextDevice() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (Lpa lpa = server.device(server.card())) {
            lpa.download(ordered.activationCode());
        }
        assertRefused(ordered.activationCode(), server.card(), "8.2.6/3.8");
    }

    @Test
    void aProfileReservedForOneCardIsRefusedToOthersAndFoundWithoutMatchingId() throws Exception {
        VirtualEuicc mine = server.card();
        DeviceServer.Ordered ordered = server.order(null, new Eid(mine.eid()), null);
        assertRefused(ordered.activationCode(), server.card(), "8.1.1/3.8");
        try (Lpa lpa = server.device(mine)) {
            assertThat(lpa.download("LPA:1$" + server.address() + "$").iccid())
                    .isEqualTo(ordered.profile().iccid().reveal());
        }
        assertRefused("LPA:1$" + server.address() + "$", server.card(), "8.1.1/3.8");
        assertRefused("LPA:1$" + server.address() + "$", mine, "8.2.6/3.8");
    }

    @Test
    void anExpiredOrderEndsAndCanBeReset() throws Exception {
        DeviceServer.Ordered ordered = server.order(null, null, server.now().minusSeconds(1));
        assertRefused(ordered.activationCode(), server.card(), "8.8.5/4.10");
        assertThat(server.profile(ordered).status().errorCause()).isEqualTo(ErrorCause.EXPIRED);
    }

    @Test
    void aCardWithoutRoomIsRefusedBeforeAnythingIsSent() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        VirtualEuicc small = server.card(new CardFacts("2.2.2", 200, "35290611"));
        assertRefused(ordered.activationCode(), small, "8.1/4.8");
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.RELEASED);
    }

    @Test
    void confirmationCodesMayBeWrongAndThenRightInOneSession() throws Exception {
        DeviceServer.Ordered ordered = server.order("4711", null, null);
        Iterator<String> codes = List.of("0000", "4711").iterator();
        try (Lpa lpa = server.device(server.card())) {
            lpa.download(ActivationCode.parse(ordered.activationCode()), () -> Optional.of(codes.next()));
        }
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.INSTALLED);
        assertThat(server.profile(ordered).status().confirmations()).isEqualTo(1);
    }

    @Test
    void tooManyWrongConfirmationCodesEndTheOrderUntilItIsReset() throws Exception {
        DeviceServer.Ordered ordered = server.order("4711", null, null);
        VirtualEuicc card = server.card();
        List<String> statuses = new ArrayList<>();
        for (int session = 0; session < 2; session++) {
            try (Lpa lpa = server.device(card)) {
                lpa.download(ActivationCode.parse(ordered.activationCode()), () -> Optional.of("0000"));
            } catch (LpaException e) {
                statuses.add(e.status().orElse(e.getMessage()));
            }
        }
        assertThat(statuses).containsExactly("8.2.7/3.8", "8.2.7/6.4");
        assertThat(server.profile(ordered).status().errorCause()).isEqualTo(ErrorCause.CONFIRMATION_LIMIT);
        assertThat(server.reset(ordered)).isInstanceOf(ResetOutcome.Done.class);
        try (Lpa lpa = server.device(card)) {
            lpa.download(ActivationCode.parse(ordered.activationCode()), () -> Optional.of("4711"));
        }
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.INSTALLED);
        assertThat(server.timeline(ordered))
                .filteredOn(entry -> entry.step() == ProfileStep.RESET)
                .extracting(ProgressStore.Entry::note)
                .containsExactly("support, case 7");
    }

    @Test
    void aTravellerWhoGivesUpEndsTheOrder() throws Exception {
        DeviceServer.Ordered ordered = server.order("4711", null, null);
        try (Lpa lpa = server.device(server.card())) {
            assertThatThrownBy(() -> lpa.download(ActivationCode.parse(ordered.activationCode()), Optional::empty))
                    .isInstanceOf(LpaException.class);
        }
        assertThat(server.profile(ordered).status().errorCause()).isEqualTo(ErrorCause.CANCELLED);
        assertThat(server.profile(ordered).status().errorDetail()).isEqualTo("cancel.end_user_rejection");
    }

    @Test
    void aServerThatWasRestartedKnowsItsProfiles(@TempDir Path own) throws Exception {
        DeviceServer first = DeviceServer.start(own, GsmaCurve.P256);
        DeviceServer.Ordered ordered = first.order();
        VirtualEuicc card = first.card();
        try (DeviceServer second = first.restarted();
                Lpa lpa = second.device(card)) {
            assertThat(lpa.download(ordered.activationCode()).iccid())
                    .isEqualTo(ordered.profile().iccid().reveal());
        }
    }

    private static void assertRefused(String activationCode, VirtualEuicc card, String status) {
        try (Lpa lpa = server.device(card)) {
            assertThatThrownBy(() -> lpa.download(activationCode))
                    .isInstanceOfSatisfying(
                            LpaException.class,
                            e -> assertThat(e.status()).as(e.getMessage()).contains(status));
        }
    }
}
