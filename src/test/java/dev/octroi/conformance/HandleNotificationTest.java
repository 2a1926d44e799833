package dev.octroi.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** ES9+.HandleNotification (SGP.22 §5.6.4), in both bindings and on both curves. */
@ParameterizedClass
@EnumSource(names = {"JSON_P256", "ASN1_BRAINPOOL"})
@ExtendWith(OneServer.class)
class HandleNotificationTest {
    private static final String ENABLE = "0640";
    private static final String DISABLE = "0520";
    private static final String DELETE = "0410";

    private final Wire wire;
    private final SmDp server;
    private Phone phone;
    private SmDp.Order order;

    HandleNotificationTest(Wire wire, SmDp server) {
        this.wire = wire;
        this.server = server;
    }

    @BeforeEach
    void fetch() throws Exception {
        phone = Phone.of(server, wire);
        order = server.order();
        phone.admitted(order);
        phone.fetch().accepted();
    }

    private byte[] iccid() {
        return order.swappedIccid();
    }

    private void taken(byte[] pending) throws Exception {
        assertThat(phone.tell(pending)).isEqualTo(204);
    }

    @Test
    void successOfTheInstallationIsTakenAndTheProfileIsInstalled() throws Exception {
        taken(phone.card.installed(phone.transactionId, 1, iccid()));
        assertThat(order.state()).isEqualTo("installed");
        assertThat(order.lastStep()).isEqualTo("installed ok");
    }

    @ParameterizedTest
    @CsvSource({
        "0,2,8.2.10/4.2",
        "0,3,8.2.10/4.2",
        "0,4,8.2.10/4.2",
        "0,5,8.2.10/4.2",
        "2,1,8.2.10/4.2",
        "2,6,8.2.10/4.2",
        "2,9,8.2.1/3.3",
        "2,15,8.2.8/1.2",
        "5,7,8.2.10/4.2",
        "5,8,8.2.10/4.2",
        "5,10,8.1/4.8",
        "5,12,8.2.10/4.2",
        "5,13,8.2.9/3.11",
        "5,14,8.2.10/4.2",
        "5,23,8.2.10/4.2",
        "5,127,8.2.10/4.2",
    })
    void failureOfTheInstallationIsTakenWithItsReason(int command, int reason, String status) throws Exception {
        taken(phone.card.notInstalled(phone.transactionId, 1, iccid(), command, reason));
        assertThat(order.state()).isNotEqualTo("installed");
        assertThat(order.column("(SELECT count(*) FROM rsp_progress p WHERE p.profile_id = profile.id"
                        + " AND p.step = 'installed' AND NOT p.ok AND p.subject_code || '/' || p.reason_code = '"
                        + status
                        + "')"))
                .isEqualTo("1");
    }

    @Test
    void enableDisableAndDeleteFollowTheInstallation() throws Exception {
        taken(phone.card.installed(phone.transactionId, 1, iccid()));
        taken(phone.card.changed(2, ENABLE, iccid()));
        assertThat(order.column("card_state")).isEqualTo("enabled");
        taken(phone.card.changed(3, DISABLE, iccid()));
        assertThat(order.column("card_state")).isEqualTo("disabled");
        taken(phone.card.changed(4, DELETE, iccid()));
        assertThat(order.column("card_state")).isEqualTo("deleted");
        assertThat(order.lastStep()).isEqualTo("deleted ok");
    }

    @Test
    void reportOfTheCardIsBelievedWhenItsManufacturersCertificateHasRunOut() throws Exception {
        taken(phone.card.installed(phone.transactionId, 1, iccid()));
        phone.card.manufacturer = phone.card.issuers.manufacturer(Issuers.EUM_POLICY, Issuers.Validity.OVER);
        taken(phone.card.changed(2, DELETE, iccid()));
        assertThat(order.state()).isEqualTo("unavailable");
        assertThat(order.column("card_state")).isEqualTo("deleted");
    }

    @Test
    void reportUnderAnotherKeyOfTheCardIsProvedByItsChain() throws Exception {
        taken(phone.card.installed(phone.transactionId, 1, iccid()));
        Card again = new Card(phone.card.issuers, phone.card.eid);
        taken(again.changed(2, ENABLE, iccid()));
        assertThat(order.column("card_state")).isEqualTo("enabled");
        again.manufacturer = again.issuers.manufacturer(Issuers.EUM_POLICY, Issuers.Validity.OVER);
        taken(again.changed(3, DELETE, iccid()));
        assertThat(order.column("card_state")).isEqualTo("enabled");
    }

    @Test
    void installationThatComesAsASignedNotificationIsTaken() throws Exception {
        taken(phone.card.changed(1, "0780", iccid()));
        assertThat(order.state()).isEqualTo("downloaded");
    }

    @Test
    void newestNumberCountsInWhateverOrderTheyCome() throws Exception {
        taken(phone.card.changed(12, DISABLE, iccid()));
        taken(phone.card.changed(11, ENABLE, iccid()));
        taken(phone.card.installed(phone.transactionId, 10, iccid()));
        assertThat(order.state()).isEqualTo("installed");
        assertThat(order.column("card_state")).isEqualTo("disabled");
        assertThat(order.column("last_sequence")).isEqualTo("12");
        assertThat(order.lastStep()).as("what came late happened, too").isEqualTo("installed ok");
        assertThat(order.letters("installed")).isEqualTo(1);
    }

    @Test
    void resultOfTheInstallationThatComesAfterTheDeletionRevivesNothing() throws Exception {
        byte[] installed = phone.card.installed(phone.transactionId, 10, iccid());
        taken(phone.card.changed(12, DELETE, iccid()));
        taken(installed);
        assertThat(order.state()).isEqualTo("unavailable");
        assertThat(order.column("card_state")).isEqualTo("deleted");
        assertThat(order.column("last_sequence")).isEqualTo("12");
        assertThat(order.lastStep()).isEqualTo("installed ok");
        int steps = order.steps();
        taken(installed);
        assertThat(order.steps()).isEqualTo(steps);
        assertThat(order.letters("installed")).isEqualTo(1);
    }

    @Test
    void failureThatComesAfterASuccessSaysNothing() throws Exception {
        taken(phone.card.installed(phone.transactionId, 1, iccid()));
        taken(phone.card.notInstalled(phone.transactionId, 2, iccid(), 5, 11));
        assertThat(order.state()).isEqualTo("installed");
        assertThat(order.lastStep()).isEqualTo("installed ok");
    }

    @Test
    void repeatedNotificationIsTakenAndChangesNothing() throws Exception {
        byte[] installed = phone.card.installed(phone.transactionId, 1, iccid());
        byte[] enabled = phone.card.changed(2, ENABLE, iccid());
        taken(installed);
        taken(enabled);
        int steps = order.steps();
        taken(enabled);
        taken(installed);
        assertThat(order.steps()).isEqualTo(steps);
        assertThat(order.column("card_state")).isEqualTo("enabled");
    }

    @Test
    void resultOfAnUnknownTransactionIsTakenAndChangesNothing() throws Exception {
        Card other = Card.of(server.issuers(wire));
        taken(other.installed(Keys.random(16), 1, iccid()));
        taken(phone.card.notInstalled(Keys.random(16), 1, iccid(), 5, 12));
        taken(phone.card.installed(Keys.random(16), 2, Der.hex("98101032547698103214")));
        assertThat(order.state()).isEqualTo("downloaded");
    }

    @Test
    void resultOfAnEarlierPackageOfTheSameCardCounts() throws Exception {
        byte[] first = phone.transactionId;
        phone.admitted(order);
        phone.fetch().accepted();
        taken(phone.card.notInstalled(first, 1, iccid(), 5, 11));
        assertThat(order.state()).as("a failure of the attempt before").isEqualTo("downloaded");
        taken(phone.card.installed(first, 2, iccid()));
        assertThat(order.state()).isEqualTo("installed");
    }

    @Test
    void notificationOfAnUnknownProfileIsTaken() throws Exception {
        taken(phone.card.changed(7, ENABLE, Der.hex("98101032547698103214")));
        taken(phone.card.changed(8, ENABLE, null));
    }

    @Test
    void wrongSignaturesAreTakenAndChangeNothing() throws Exception {
        phone.card.spoilsSignatures = true;
        taken(phone.card.installed(phone.transactionId, 1, iccid()));
        taken(phone.card.changed(2, ENABLE, iccid()));
        assertThat(order.state()).isEqualTo("downloaded");
        assertThat(order.column("card_state")).isEqualTo("none");
    }

    @Test
    void notificationsOfAnotherCardAreTakenAndChangeNothing() throws Exception {
        Card other = Card.of(server.issuers(wire));
        taken(other.installed(phone.transactionId, 1, iccid()));
        taken(other.changed(2, DELETE, iccid()));
        Card stranger = new Card(Issuers.strangers(wire.curve), phone.card.eid);
        taken(stranger.installed(phone.transactionId, 3, iccid()));
        taken(stranger.changed(4, DELETE, iccid()));
        assertThat(order.state()).isEqualTo("downloaded");
        assertThat(order.column("card_state")).isEqualTo("none");
    }

    @Test
    void sameNumberForAnotherProfileIsAnotherNotification() throws Exception {
        taken(phone.card.installed(phone.transactionId, 1, iccid()));
        for (int i = 0; i < 3; i++) {
            order = server.order();
            phone.admitted(order);
            phone.fetch().accepted();
            taken(phone.card.installed(phone.transactionId, 1, iccid()));
            assertThat(order.state()).isEqualTo("installed");
        }
    }

    @Test
    void fieldsAndEventsOfNewerCardsAreTaken() throws Exception {
        byte[] data = Der.tlv(
                0xBF27,
                Der.tlv(0x80, phone.transactionId),
                Card.metadata(1, "0780", iccid()),
                Der.tlv(0x06, Card.oid(SmDp.OID)),
                Der.tlv(0xA2, Der.tlv(0xA0, Der.tlv(0x4F, new byte[16]), Der.tlv(0x04, Der.hex("3000")))),
                Der.tlv(0x83, Der.hex("01")));
        taken(Der.tlv(0xBF37, data, phone.card.sign(data), Der.tlv(0xA5, Der.tlv(0x80))));
        assertThat(order.state()).isEqualTo("installed");
        taken(phone.card.changed(2, "0308", iccid()));
        taken(phone.card.changed(3, "0360", iccid()));
        byte[] metadata = Card.metadata(4, ENABLE, iccid());
        taken(Der.tlv(
                0x30,
                metadata,
                phone.card.sign(metadata),
                phone.card.own.der(),
                phone.card.manufacturer.der(),
                Der.tlv(0xA1, phone.card.issuers.eum.der())));
        assertThat(order.column("card_state")).isEqualTo("enabled");
        byte[] script = Der.tlv(0xBF44, Der.tlv(0x30, Der.tlv(0x80, Keys.random(16))));
        assertThat(phone.tell(script)).as("a LoadRpmPackageResult of version 3").isEqualTo(204);
    }

    @Test
    void whatIsNoNotificationIsRefusedAndNoServerError() throws Exception {
        byte[] good = phone.card.installed(phone.transactionId, 1, iccid());
        List<byte[]> bad = List.of(
                Arrays.copyOf(good, good.length - 3),
                Der.join(good, new byte[1]),
                Der.hex("BF3780A0800000"),
                Der.hex("0400"),
                Der.tlv(0xBF37),
                Keys.random(40));
        for (byte[] pending : bad) {
            assertThat(phone.tell(pending)).as(Der.hex(pending)).isEqualTo(200);
        }
        taken(good);
    }

    /** The structure has no tags of its own, so that automatic tagging puts a context tag around it. */
    @Test
    void bothFormsOfTheAsn1BindingAreTaken() throws Exception {
        byte[] pending = phone.card.installed(phone.transactionId, 1, iccid());
        assertThat(phone.post(
                                Function.NOTIFY.path,
                                Phone.ASN1_TYPE,
                                Der.tlv(0xA2, Der.tlv(0xBF3D, Der.tlv(0xA0, pending))))
                        .statusCode())
                .isEqualTo(204);
        assertThat(order.state()).isEqualTo("installed");
    }
}
