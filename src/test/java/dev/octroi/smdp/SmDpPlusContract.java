package dev.octroi.smdp;

import static dev.octroi.api.operator.Es2Server.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.Es2Terms;
import dev.octroi.api.operator.Es2Server;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.OperatorCall;
import dev.octroi.rsp.order.OperatorOrders.Confirmation;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every SM-DP+ does for us, whichever driver reaches it. */
abstract class SmDpPlusContract {
    static final String REQUESTER = "2.999.42";

    private static final Eid EID = Eid.withCheckDigits("890490320000000000000000000007");
    private static final AtomicInteger CALLS = new AtomicInteger();

    @TempDir
    Path folder;

    Es2Server server;
    private SmDpPlus smdp;
    private long operatorId;

    /** The driver under test, towards the server. */
    abstract SmDpPlus driver() throws Exception;

    @BeforeEach
    void open() throws Exception {
        server = new Es2Server(folder);
        server.register(
                "companion",
                Es2Server.TENANT,
                Set.of("es2:order"),
                new Es2Terms(Optional.of(REQUESTER), Set.of(), Optional.empty()));
        operatorId = Long.parseLong(server.text("SELECT id FROM partner WHERE name = 'companion'"));
        smdp = driver();
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void orderGoesFromReservationToRelease() throws Exception {
        Iccid iccid = done(smdp.downloadOrder(call(), null, null, Es2Server.TYPE));
        assertThat(server.state(iccid.digits())).isEqualTo("allocated");
        SmDpPlus.ConfirmedOrder confirmed = done(smdp.confirmOrder(call(), iccid, confirmation("OURS-1", false)));
        assertThat(confirmed.matchingId().reveal()).isEqualTo("OURS-1");
        assertThat(confirmed.smdpAddress()).contains(server.smdpAddress);
        assertThat(server.state(iccid.digits())).isEqualTo("confirmed");
        done(smdp.releaseProfile(call(), iccid));
        assertThat(server.state(iccid.digits())).isEqualTo("released");
        done(smdp.cancelOrder(call(), iccid, null, "OURS-1", true));
        assertThat(server.state(iccid.digits())).isEqualTo("available");
    }

    @Test
    void serverChoosesAMatchingIdWhereNoneIsGiven() throws Exception {
        Iccid iccid = done(smdp.downloadOrder(call(), null, null, Es2Server.TYPE));
        SmDpPlus.ConfirmedOrder confirmed =
                done(smdp.confirmOrder(call(), iccid, new Confirmation(null, null, Sensitive.of("1234"), null, true)));
        assertThat(confirmed.matchingId().reveal()).matches("[0-9A-Z-]{10,}");
        assertThat(server.state(iccid.digits())).isEqualTo("released");
    }

    @Test
    void orderForACardByNumberNeedsNoMatchingId() throws Exception {
        Iccid stocked = Iccid.ofText(server.stock());
        Iccid iccid = done(smdp.downloadOrder(call(), EID, stocked, null));
        assertThat(iccid).isEqualTo(stocked);
        SmDpPlus.ConfirmedOrder confirmed =
                done(smdp.confirmOrder(call(), iccid, new Confirmation(EID, "", null, null, true)));
        assertThat(confirmed.matchingId().reveal()).isEmpty();
        assertThat(confirmed.eid().orElseThrow().reveal()).isEqualTo(EID);
    }

    @Test
    void sameCallIsCarriedOutOnce() throws Exception {
        OperatorCall order = call();
        Iccid iccid = done(smdp.downloadOrder(order, null, null, Es2Server.TYPE));
        assertThat(done(smdp.downloadOrder(order, null, null, Es2Server.TYPE))).isEqualTo(iccid);
        OperatorCall confirm = call();
        Confirmation wanted = new Confirmation(null, null, null, null, false);
        String matchingId =
                done(smdp.confirmOrder(confirm, iccid, wanted)).matchingId().reveal();
        assertThat(done(smdp.confirmOrder(confirm, iccid, wanted)).matchingId().reveal())
                .isEqualTo(matchingId);
        OperatorCall release = call();
        done(smdp.releaseProfile(release, iccid));
        done(smdp.releaseProfile(release, iccid));
        OperatorCall cancel = call();
        done(smdp.cancelOrder(cancel, iccid, null, null, false));
        done(smdp.cancelOrder(cancel, iccid, null, null, false));
        assertThat(server.state(iccid.digits())).isEqualTo("unavailable");
    }

    @Test
    void refusalsHaveTheirStatus() throws Exception {
        Iccid unknown = Iccid.ofText("8933000000000000000");
        assertThat(refusal(smdp.downloadOrder(call(), null, null, "platinum"))).isEqualTo("8.2.5/3.9");
        assertThat(refusal(smdp.downloadOrder(call(), null, unknown, null))).isEqualTo("8.2.1/3.9");
        assertThat(refusal(smdp.downloadOrder(call(), null, null, null))).isEqualTo("1.6/2.3");
        assertThat(refusal(smdp.releaseProfile(call(), unknown))).isEqualTo("8.2.1/3.9");
        Iccid iccid = done(smdp.downloadOrder(call(), null, null, Es2Server.TYPE));
        assertThat(refusal(smdp.downloadOrder(call(), null, iccid, null))).isEqualTo("8.2.1/3.3");
        assertThat(refusal(smdp.releaseProfile(call(), iccid))).isEqualTo("8.2.1/3.5");
        assertThat(refusal(smdp.confirmOrder(call(), iccid, confirmation("", true))))
                .isEqualTo("8.1.1/2.2");
        done(smdp.confirmOrder(call(), iccid, confirmation("TWICE", true)));
        assertThat(refusal(smdp.confirmOrder(call(), iccid, confirmation("OTHER", true))))
                .isEqualTo("8.2.1/1.2");
        assertThat(refusal(smdp.cancelOrder(call(), iccid, null, "OTHER", true)))
                .isEqualTo("8.2.6/3.10");
        Iccid second = done(smdp.downloadOrder(call(), null, null, Es2Server.TYPE));
        assertThat(refusal(smdp.confirmOrder(call(), second, confirmation("TWICE", true))))
                .isEqualTo("8.2.6/3.3");
    }

    private static Confirmation confirmation(String matchingId, boolean release) {
        return new Confirmation(null, matchingId, null, null, release);
    }

    private OperatorCall call() {
        String identifier = "contract-" + CALLS.incrementAndGet();
        return new OperatorCall(Es2Server.TENANT, operatorId, Set.of(), identifier, "the same for the same call");
    }

    private static <T> T done(Future<Outcome<T>> future) {
        Outcome<T> outcome = await(future);
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<T>) outcome).value();
    }

    private static String refusal(Future<? extends Outcome<?>> future) {
        Outcome<?> outcome = await(future);
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed<?>) outcome).status().toString();
    }
}
