package dev.octroi.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ES9+.CancelSession (SGP.22 §5.6.5), in both bindings and on both curves. */
@ParameterizedClass
@EnumSource(names = {"JSON_P256", "ASN1_BRAINPOOL"})
@ExtendWith(OneServer.class)
class CancelSessionTest {
    private final Wire wire;
    private final SmDp server;
    private Phone phone;
    private SmDp.Order order;

    CancelSessionTest(Wire wire, SmDp server) {
        this.wire = wire;
        this.server = server;
    }

    @BeforeEach
    void admit() throws Exception {
        phone = Phone.of(server, wire);
        order = server.order();
        phone.admitted(order);
    }

    /** Postponed and timeout leave the profile to the next attempt; every other reason ends the order. */
    @ParameterizedTest
    @CsvSource({
        "0,error,8.8.5/3.8",
        "1,released,8.8.5/3.8",
        "2,released,8.8.5/3.8",
        "3,error,8.2.8/1.2",
        "4,error,8.2.9/3.11",
        "5,error,8.2.10/4.2",
        "127,error,8/4.2",
        "16,error,8/4.2",
    })
    void reasonDecidesWhatBecomesOfTheOrder(int reason, String state, String status) throws Exception {
        Answer answer = phone.cancel(reason).accepted();
        assertThat(answer.parts()).isEmpty();
        assertThat(answer.transactionId()).isEmpty();
        assertThat(order.state()).isEqualTo(state);
        assertThat(order.lastStep()).isEqualTo("cancelled " + status);
        phone.fetch().refused("8.10.1/3.9");
        phone.initiate();
        if (state.equals("released")) {
            phone.authenticate(order.matchingId()).accepted();
        } else {
            phone.authenticate(order.matchingId()).refused("8.2.6/3.8");
        }
    }

    @ParameterizedTest
    @CsvSource({"5,error", "4,error", "1,downloaded", "2,downloaded"})
    void packageThatWasDeliveredMayBeCancelled(int reason, String state) throws Exception {
        phone.fetch().accepted();
        phone.cancel(reason).accepted();
        assertThat(order.state()).isEqualTo(state);
    }

    @Test
    void secondCancellationIsRefused8_10_1_3_9() throws Exception {
        phone.cancel(1).accepted();
        phone.cancel(1).refused("8.10.1/3.9");
    }

    @Test
    void oneMessageThatComesSeveralTimesAtOnceGivesOneAttemptBack() throws Exception {
        for (int i = 0; i < 3; i++) {
            phone.admitted(order);
        }
        assertThat(order.column("downloads")).isEqualTo("4");
        byte[] response = phone.card.cancelled(phone.transactionId, SmDp.OID, 1);
        List<String> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(5)) {
            List<Callable<String>> calls =
                    Collections.nCopies(5, () -> phone.cancel(response).status());
            for (Future<String> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }
        assertThat(answers).filteredOn("ok"::equals).hasSize(1);
        assertThat(order.column("downloads")).isEqualTo("3");
        assertThat(order.letters("cancelled")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void cardThatWasTooLateEndsItsOwnSessionOnly(int reason) throws Exception {
        Phone late = Phone.of(server, wire);
        late.admitted(order);
        phone.fetch().accepted();
        late.cancel(reason).accepted();
        assertThat(order.state()).isEqualTo("downloaded");
        assertThat(order.column("downloads")).isEqualTo("2");
        late.cancel(reason).refused("8.10.1/3.9");
        phone.fetch().accepted();
    }

    @Test
    void unknownTransactionIsRefused8_10_1_3_9() throws Exception {
        byte[] own = phone.transactionId;
        phone.transactionId = Keys.random(16);
        phone.cancel(0).refused("8.10.1/3.9");
        phone.transactionId = own;
        phone.signedTransactionId = own;
        phone.cancel(0).accepted();
    }

    @Test
    void transactionOfAnotherSessionInTheSignedDataIsRefused8_10_1_3_9() throws Exception {
        phone.signedTransactionId = Keys.random(16);
        phone.cancel(0).refused("8.10.1/3.9");
        assertThat(order.state()).isEqualTo("released");
    }

    @Test
    void wrongSignatureIsRefused8_1_6_1AndLeavesTheSessionOpen() throws Exception {
        phone.card.spoilsSignatures = true;
        phone.cancel(0).refused("8.1/6.1");
        phone.card.spoilsSignatures = false;
        phone.cancel(Card.of(server.issuers(wire)).cancelled(phone.transactionId, SmDp.OID, 0))
                .refused("8.1/6.1");
        assertThat(order.state()).isEqualTo("released");
        phone.fetch().accepted();
    }

    @Test
    void anotherServersOidIsRefused8_8_3_10AndLeavesTheSessionOpen() throws Exception {
        phone.cancel(phone.card.cancelled(phone.transactionId, "2.999.12", 0)).refused("8.8/3.10");
        assertThat(order.state()).isEqualTo("released");
        phone.fetch().accepted();
    }

    @Test
    void errorOfTheCardProvesNothingAndIsRefused8_1_6_1() throws Exception {
        phone.cancel(Der.tlv(0xBF41, Der.integer(0x81, 5))).refused("8.1/6.1");
        phone.cancel(Der.tlv(0xBF41, Der.integer(0x81, 127))).refused("8.1/6.1");
        assertThat(order.state()).isEqualTo("released");
    }

    /** The server does not know the card's key yet: nothing in the session can be about this card. */
    @Test
    void cancellationBeforeTheCardAuthenticatedIsRefused8_10_1_3_9AndLeavesTheSessionOpen() throws Exception {
        phone.initiate();
        phone.cancel(0).refused("8.10.1/3.9");
        phone.authenticate(order.matchingId()).accepted();
    }

    @Test
    void profileThatIsInstalledStaysInstalled() throws Exception {
        phone.fetch().accepted();
        phone.tell(phone.card.installed(phone.transactionId, 1, order.swappedIccid()));
        phone.cancel(5).accepted();
        assertThat(order.state()).isEqualTo("installed");
    }

    @Test
    void responseThatIsNoneIsRefused1_6_2_1() throws Exception {
        byte[] signed = Der.tlv(0x30, Der.tlv(0x80, phone.transactionId), Der.tlv(0x81, Card.oid(SmDp.OID)));
        for (byte[] bad : List.of(
                Der.tlv(0xBF41, Der.tlv(0xA0)),
                Der.tlv(0xBF41, Der.tlv(0xA0, signed)),
                Der.tlv(0xBF41, Der.tlv(0xA0, signed, phone.card.sign(signed))))) {
            phone.cancel(bad).refused("1.6/2.1");
        }
        phone.cancel(1).accepted();
    }

    /** The request has no tags of its own: automatic tagging puts A1 in the place of BF41, or around it. */
    @Test
    void allFormsOfTheAsn1BindingAreRead() throws Exception {
        for (int form = 0; form < 3; form++) {
            phone.admitted(order);
            byte[] response = phone.card.cancelled(phone.transactionId, SmDp.OID, 1);
            byte[] element = switch (form) {
                case 0 -> response;
                case 1 -> Der.tlv(0xA1, Der.read(response).value());
                default -> Der.tlv(0xA1, response);
            };
            phone.call(Function.CANCEL, Der.tlv(0x80, phone.transactionId), element)
                    .accepted();
        }
    }
}
