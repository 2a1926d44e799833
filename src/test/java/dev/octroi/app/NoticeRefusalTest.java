package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.octroi.app.NoticeGateway.Traveller;
import io.vertx.core.MultiMap;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What mail servers refuse, and what they are not given. */
class NoticeRefusalTest {
    @TempDir
    Path data;

    @Test
    void aBusyServerIsAskedAgainAndARecipientThatIsNoneIsNotWrittenToAnyMore() throws Exception {
        AtomicReference<String> answer = new AtomicReference<>("250 ok");
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedSmtp smtp = new ScriptedSmtp(line -> {
                    asked.incrementAndGet();
                    return answer.get();
                });
                NoticeGateway gateway = new NoticeGateway(data, smtp.port(), "mail.tls=off")) {
            Traveller traveller = gateway.order("en", "UTC");
            gateway.confirm(traveller, "ann@traveller.example", address -> {
                await().until(() -> smtp.messages().size() == 1);
                return unfolded(smtp.messages().getFirst());
            });

            answer.set("451 4.3.0 later");
            gateway.topUp(traveller);
            await().until(() -> asked.get() >= 3);
            gateway.awaitRows("SELECT state FROM notice WHERE what = 'event'", "waiting");
            // The server does not let us write to anybody, or not now: that says nothing of this address.
            for (String ofUs : List.of(
                    "550 5.7.1 relaying denied",
                    "550 relay not permitted",
                    "550 5.1.8 <notices@shop.example>: Sender address rejected: Domain not found",
                    "550-5.1.8 <notices@shop.example>: Sender address rejected\r\n550 5.1.8 Domain not found",
                    "554 Service unavailable; Client host blocked",
                    "504 5.5.2 <host>: Helo command rejected",
                    "552 5.2.2 mailbox full")) {
                answer.set(ofUs);
                int before = asked.get();
                await().until(() -> asked.get() >= before + 3);
                gateway.awaitRows("SELECT state FROM notice_channel", "confirmed");
                gateway.awaitRows("SELECT state FROM notice WHERE what = 'event'", "waiting");
                gateway.hurry();
            }
            answer.set("250 ok");
            gateway.awaitRows("SELECT state FROM notice WHERE what = 'event'", "sent");

            answer.set("550 5.1.1 no such user <ann@traveller.example>");
            gateway.topUp(traveller);
            gateway.awaitRows("SELECT state FROM notice_channel", "failed");
            gateway.awaitRows("SELECT state FROM notice WHERE what = 'event' ORDER BY id", "sent", "refused");
            assertThat(gateway.page(traveller)).contains("refuses our mail").doesNotContain("You hear from us");

            answer.set("250 ok");
            gateway.confirm(traveller, "ann@traveller.example", address -> {
                await().until(() -> smtp.messages().size() == 3);
                return unfolded(smtp.messages().getLast());
            });
            assertThat(gateway.page(traveller)).contains("by mail to a***@traveller.example");
        }
    }

    @Test
    void aMessageOverWhichTheServerFallsSilentIsNotSentWithoutEnd() throws Exception {
        try (ScriptedSmtp smtp = new ScriptedSmtp(line -> "250 ok");
                NoticeGateway gateway = new NoticeGateway(data, smtp.port(), "mail.tls=off", "mail.silence=PT2S")) {
            Traveller traveller = gateway.order("en", "UTC");
            gateway.confirm(traveller, "ann@traveller.example", address -> {
                await().until(() -> smtp.messages().size() == 1);
                return unfolded(smtp.messages().getFirst());
            });
            smtp.fallSilent();
            gateway.topUp(traveller);
            await().until(() -> {
                gateway.hurry();
                return gateway.server
                        .rows("SELECT state FROM notice WHERE what = 'event'")
                        .equals(List.of("dropped"));
            });
            assertThat(smtp.messages()).hasSize(4);
        }
    }

    @Test
    void nothingIsGivenToAServerWithoutTls() throws Exception {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP).dynamicPort());
        mail.start();
        try (NoticeGateway gateway = new NoticeGateway(data, mail.getSmtp().getPort())) {
            Traveller traveller = gateway.order("en", "UTC");
            MultiMap address = MultiMap.caseInsensitiveMultiMap().add("address", "ann@traveller.example");
            assertThat(gateway.form(traveller, "notices", address)).isEqualTo(303);
            gateway.awaitRows("SELECT state FROM notice WHERE attempts > 1", "waiting");
            assertThat(mail.getReceivedMessages()).isEmpty();
        } finally {
            mail.stop();
        }
    }

    @Test
    void nothingIsGivenToAServerWhoseCertificateLeadsNowhere() throws Exception {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS).dynamicPort());
        mail.start();
        try (NoticeGateway gateway = new NoticeGateway(data, mail.getSmtps().getPort(), "mail.tls=implicit")) {
            Traveller traveller = gateway.order("en", "UTC");
            MultiMap address = MultiMap.caseInsensitiveMultiMap().add("address", "ann@traveller.example");
            assertThat(gateway.form(traveller, "notices", address)).isEqualTo(303);
            gateway.awaitRows("SELECT state FROM notice WHERE attempts > 1", "waiting");
            assertThat(mail.getReceivedMessages()).isEmpty();
        } finally {
            mail.stop();
        }
    }

    /** Quoted-printable lines put together again (RFC 2045 §6.7). */
    private static String unfolded(String message) {
        return message.replace("=\n", "").replace("=3D", "=");
    }
}
