package dev.octroi.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.bouncycastle.cert.X509CertificateHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions over restarts, races and time (SGP.22 §3.1.3), in all bindings on all curves. */
@ExtendWith(OneServer.class)
class SessionsTest {
    private final SmDp server;

    SessionsTest(SmDp server) {
        this.server = server;
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void wholeDownloadInEachBindingOnEachCurve(Wire wire) throws Exception {
        SmDp.Order order = server.order("1234", null, null);
        Phone phone = Phone.of(server, wire);
        phone.admitted(order);
        open(phone, phone.fetchWithCode("1234"));
        assertThat(phone.tell(phone.card.installed(phone.transactionId, 1, order.swappedIccid())))
                .isEqualTo(204);
        assertThat(phone.tell(phone.card.changed(2, "0640", order.swappedIccid())))
                .isEqualTo(204);
        assertThat(order.state()).isEqualTo("installed");
        assertThat(order.column("card_state")).isEqualTo("enabled");
    }

    /** Four phones side by side, so that four restarts are enough for all bindings and curves. */
    @Test
    void serverMayRestartBetweenEachPairOfMessages() throws Exception {
        List<Phone> phones = new ArrayList<>();
        List<SmDp.Order> orders = new ArrayList<>();
        for (Wire wire : Wire.values()) {
            phones.add(Phone.of(server, wire));
            orders.add(server.order("1234", null, null));
        }
        for (Phone phone : phones) {
            phone.initiate().accepted();
        }
        server.restart();
        for (int i = 0; i < phones.size(); i++) {
            phones.get(i).authenticate(orders.get(i).matchingId()).accepted();
        }
        server.restart();
        List<byte[]> packages = new ArrayList<>();
        for (Phone phone : phones) {
            phone.fetchWithCode("0000").refused("8.2.7/3.8");
            Answer answer = phone.fetchWithCode("1234");
            open(phone, answer);
            packages.add(answer.part("boundProfilePackage").raw());
        }
        server.restart();
        for (int i = 0; i < phones.size(); i++) {
            Phone phone = phones.get(i);
            assertThat(phone.fetchWithCode("1234").part("boundProfilePackage").raw())
                    .as("the same bytes after the restart")
                    .isEqualTo(packages.get(i));
            assertThat(phone.tell(phone.card.installed(
                            phone.transactionId, 1, orders.get(i).swappedIccid())))
                    .isEqualTo(204);
        }
        server.restart();
        for (int i = 0; i < phones.size(); i++) {
            byte[] iccid = orders.get(i).swappedIccid();
            Phone phone = phones.get(i);
            assertThat(phone.tell(phone.card.installed(phone.transactionId, 1, iccid)))
                    .isEqualTo(204);
            assertThat(phone.tell(phone.card.changed(2, "0640", iccid))).isEqualTo(204);
            assertThat(orders.get(i).state()).isEqualTo("installed");
            assertThat(orders.get(i).column("card_state")).isEqualTo("enabled");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JSON_P256", "ASN1_BRAINPOOL"})
    void cancellationAndNextSessionSurviveARestart(Wire wire) throws Exception {
        SmDp.Order order = server.order();
        Phone phone = Phone.of(server, wire);
        phone.admitted(order);
        server.restart();
        phone.cancel(1).accepted();
        server.restart();
        phone.cancel(1).refused("8.10.1/3.9");
        phone.admitted(order);
        byte[] key = open(phone, phone.fetch()).serverKey;
        server.restart();
        phone.admitted(order);
        assertThat(phone.offer.part("smdpSigned2").get(0x5F49).value())
                .isEqualTo(Keys.point(phone.card.oneTime.getPublic()));
        assertThat(open(phone, phone.fetch()).serverKey).isEqualTo(key);
    }

    @Test
    void sessionEndsWithItsTime() throws Exception {
        SmDp.Order order = server.order();
        Phone first = Phone.of(server, Wire.JSON_P256);
        Phone second = Phone.of(server, Wire.ASN1_P256);
        first.initiate().accepted();
        second.admitted(order);
        server.advance(Duration.ofMinutes(31));
        first.authenticate(order.matchingId()).refused("8.10.1/3.9");
        second.cancel(0).refused("8.10.1/3.9");
        second.fetch().refused("8.10.1/3.9");
        assertThat(order.state()).isEqualTo("released");
        second.admitted(order);
    }

    @Test
    void ofTwoCardsThatRaceForOneCodeOneGetsThePackage() throws Exception {
        for (int round = 0; round < 3; round++) {
            SmDp.Order order = server.order();
            List<Phone> phones = List.of(Phone.of(server, Wire.JSON_P256), Phone.of(server, Wire.ASN1_P256));
            for (Phone phone : phones) {
                phone.admitted(order);
            }
            CountDownLatch go = new CountDownLatch(1);
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (Phone phone : phones) {
                answers.add(CompletableFuture.supplyAsync(() -> {
                    try {
                        go.await();
                        return phone.fetch();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            go.countDown();
            List<Answer> got = new ArrayList<>();
            for (CompletableFuture<Answer> answer : answers) {
                got.add(answer.get());
            }
            assertThat(got).filteredOn(answer -> answer.status().equals("ok")).hasSize(1);
            got.stream().filter(answer -> !answer.status().equals("ok")).forEach(answer -> answer.refused("8.2/3.7"));
            assertThat(order.state()).isEqualTo("downloaded");
        }
    }

    @Test
    void oneRequestSentTwiceAtOnceIsCarriedOutOnce() throws Exception {
        SmDp.Order order = server.order();
        Phone phone = Phone.of(server, Wire.JSON_P256);
        phone.initiate();
        byte[] response = phone.card.authenticated(phone.signed1(order.matchingId()));
        byte[] signature = phone.card.lastSignature;
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return phone.authenticate(response).status();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        List<String> statuses = new ArrayList<>();
        for (CompletableFuture<String> answer : answers) {
            statuses.add(answer.get());
        }
        assertThat(statuses).containsOnlyOnce("ok").containsOnly("ok", "8.10.1/3.9");
        assertThat(order.column("downloads")).isEqualTo("1");
        assertThat(phone.card.lastSignature).isEqualTo(signature);
        phone.fetch().accepted();
    }

    private static BoundPackage open(Phone phone, Answer answer) throws Exception {
        return new BoundPackage(
                answer.part("boundProfilePackage"),
                phone.card,
                phone.transactionId,
                Issuers.publicKey(new Issuers.Issuer(
                        new X509CertificateHolder(
                                phone.offer.part("smdpCertificate").raw()),
                        null)));
    }
}
