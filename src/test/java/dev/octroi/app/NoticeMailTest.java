package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.octroi.access.SelfCareLinks;
import dev.octroi.app.NoticeGateway.Traveller;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.notice.Channels;
import dev.octroi.notice.Notices;
import dev.octroi.quota.AccountReader;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages to travellers, from the form on the page to the mail server. */
class NoticeMailTest {
    private static final Pattern STOP = Pattern.compile("<https://[^/]+(/n/[A-Za-z0-9_-]+/stop)>");

    @TempDir
    static Path data;

    private static GreenMail mail;
    private static NoticeGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP).dynamicPort());
        mail.start();
        gateway = new NoticeGateway(data, mail.getSmtp().getPort(), "mail.tls=off");
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        mail.stop();
    }

    @Test
    void anAddressIsWrittenToOnlyAfterItsReaderHasPressedTheButton() throws Exception {
        Traveller traveller = gateway.order("en", "Europe/Paris");
        assertThat(gateway.page(traveller)).contains("Nobody writes to you from here yet");
        MultiMap address = MultiMap.caseInsensitiveMultiMap().add("address", "ann@traveller.example");
        assertThat(gateway.form(traveller, "notices", address)).isEqualTo(303);
        MimeMessage asked = only("ann@traveller.example");
        assertThat(asked.getSubject()).contains("Please confirm");
        assertThat(text(asked)).doesNotContain("/s/");
        assertThat(gateway.page(traveller))
                .contains("We have written to a***@traveller.example")
                .doesNotContain("ann@");

        String link = NoticeGateway.confirmLink(text(asked));
        // A scanner of mail follows links, and nothing happens.
        assertThat(gateway.server.page(link)).contains("Yes, send them here");
        gateway.topUp(traveller);
        assertThat(states("ann@traveller.example")).containsExactly("pending");
        assertThat(gateway.server.page("/n/" + "A".repeat(38))).contains("does nothing any more");
        assertThat(gateway.server.form(link + "/stop", MultiMap.caseInsensitiveMultiMap()))
                .isEqualTo(404);

        assertThat(gateway.server.form(link + "/confirm", MultiMap.caseInsensitiveMultiMap()))
                .isEqualTo(200);
        assertThat(gateway.page(traveller))
                .contains("You hear from us at 80 %", "by mail to a***@traveller.example")
                .contains("is not counted, where its kind is ticked")
                .doesNotContain("in any case")
                .hasSizeLessThan(30_000);
        gateway.topUp(traveller);
        await().until(() -> to("ann@traveller.example").size() == 2);
        assertThat(to("ann@traveller.example").getLast().getSubject()).isEqualTo("500 MB were added");
        assertThat(gateway.server.rows("SELECT entry FROM audit WHERE action LIKE 'notices.%'"))
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry).doesNotContain("ann@", "traveller.example"));
    }

    @Test
    void aLimitThatIsReachedIsOneMailInTheTravellersLanguageAndByTheTravellersClock() throws Exception {
        Traveller traveller = gateway.order("fr", "Pacific/Kiritimati");
        gateway.server.put(traveller.path() + "/rules", new JsonArray("""
                [{"id": "daily", "when": {"window": "day", "overBytes": 300000000},
                  "then": [{"do": "throttle", "rate": {"up": 512, "down": 512}}]}]"""));
        gateway.confirm(traveller, "luc@traveller.example", NoticeMailTest::textTo);
        gateway.use(traveller, 301_000_000);
        await().until(() -> to("luc@traveller.example").size() == 2);
        MimeMessage told = to("luc@traveller.example").getLast();
        assertThat(told.getSubject()).isEqualTo("Une limite est atteinte\u00a0: 300\u00a0Mo aujourd’hui");
        assertThat(text(told))
                .contains("301\u00a0Mo sur 300\u00a0Mo", "(heure de Pacific/Kiritimati)", "ralenti à 512\u00a0kbit/s")
                .contains("/s/oct_", "/stop", "France 3 GB")
                .doesNotContain(
                        traveller.iccid(),
                        traveller.path().substring(traveller.path().indexOf("sub_")));
        assertThat(told.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(told.getHeader("Content-Language")).containsExactly("fr");
        assertThat(told.getHeader("List-Unsubscribe-Post")).containsExactly("List-Unsubscribe=One-Click");
        assertThat(told.getHeader("Message-ID")[0]).matches("<[0-9a-f]{32}@shop.example>");
        assertThat(told.getContentType()).startsWith("text/plain").containsIgnoringCase("utf-8");
        assertThat(told.getHeader("From")[0]).contains("notices@shop.example");

        Matcher stop = STOP.matcher(told.getHeader("List-Unsubscribe")[0]);
        assertThat(stop.matches()).isTrue();
        assertThat(gateway.server.page(stop.group(1))).contains("No more messages");
        assertThat(gateway.page(traveller)).contains("par courriel à l***@");
        MultiMap oneClick = MultiMap.caseInsensitiveMultiMap().add("List-Unsubscribe", "One-Click");
        assertThat(gateway.server.form(stop.group(1), oneClick)).isEqualTo(200);
        assertThat(gateway.page(traveller)).contains("Personne ne vous écrit");
        gateway.use(traveller, 2_600_000_000L);
        Traveller other = gateway.order("en", "UTC");
        gateway.confirm(other, "eve@traveller.example", NoticeMailTest::textTo);
        gateway.topUp(other);
        await().until(() -> to("eve@traveller.example").size() == 2);
        assertThat(to("luc@traveller.example")).as("all before was read by now").hasSize(2);
    }

    @Test
    void beyondTheBoundOfADayOnlyWhatIsUrgentIsTold() throws Exception {
        Traveller traveller = gateway.order("en", "UTC");
        gateway.confirm(traveller, "bob@traveller.example", NoticeMailTest::textTo);
        MultiMap choice = MultiMap.caseInsensitiveMultiMap()
                .add("max", "1")
                .add("kind.plan", "on")
                .add("kind.data", "on");
        assertThat(gateway.form(traveller, "notices/choose", choice)).isEqualTo(303);
        gateway.topUp(traveller);
        gateway.topUp(traveller);
        gateway.server.reseller(HttpMethod.POST, traveller.path() + "/suspend", new JsonObject(), 200);
        await().until(() -> to("bob@traveller.example").size() == 3);
        assertThat(to("bob@traveller.example").stream().map(NoticeMailTest::subject))
                .containsExactlyInAnyOrder(
                        "Please confirm: messages about your travel eSIM", "500 MB were added", "Your data is stopped");
        assertThat(gateway.server.rows("SELECT state FROM notice WHERE state = 'held' AND subscription_id = "
                        + subscription("bob@traveller.example")))
                .hasSize(1);
        gateway.use(traveller, 2_600_000_000L);
        assertThat(gateway.formPage(
                        traveller,
                        "notices/choose",
                        MultiMap.caseInsensitiveMultiMap().add("max", "101")))
                .contains("0 to 100");
    }

    /** What goes on and off all day must not fill a mailbox. */
    @Test
    void urgentMessagesHaveABoundOfTheirOwn() throws Exception {
        Traveller traveller = gateway.order("en", "UTC");
        gateway.confirm(traveller, "flap@traveller.example", NoticeMailTest::textTo);
        for (int i = 0; i < 26; i++) {
            gateway.server.reseller(HttpMethod.POST, traveller.path() + "/suspend", new JsonObject(), 200);
            gateway.server.reseller(HttpMethod.POST, traveller.path() + "/resume", new JsonObject(), 200);
        }
        gateway.awaitRows(
                "SELECT count(*) FILTER (WHERE state = 'sent') || ' and ' || count(*) FILTER (WHERE state = 'held')"
                        + " FROM notice WHERE what = 'event' AND urgent AND " + is(traveller, "subscription_id"),
                "24 and 2");
    }

    @Test
    void testsAndConfirmationsAreBounded() throws Exception {
        Traveller traveller = gateway.order("en", "UTC");
        assertThat(gateway.formPage(traveller, "notices/test", MultiMap.caseInsensitiveMultiMap()))
                .contains("There is no confirmed address");
        gateway.confirm(traveller, "tom@traveller.example", NoticeMailTest::textTo);
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.form(traveller, "notices/test", MultiMap.caseInsensitiveMultiMap()))
                    .isEqualTo(303);
        }
        assertThat(gateway.formPage(traveller, "notices/test", MultiMap.caseInsensitiveMultiMap()))
                .contains("Enough of these mails were sent");
        await().until(() -> to("tom@traveller.example").size() == 4);
        assertThat(to("tom@traveller.example").getLast().getSubject()).isEqualTo("Test: your messages arrive");
        for (String wrong :
                List.of("tom", "tom@", "a b@c.example", "tom@c.example\r\nBcc: x@y.example", "<t@c.example>")) {
            MultiMap address = MultiMap.caseInsensitiveMultiMap().add("address", wrong);
            assertThat(gateway.formPage(traveller, "notices", address))
                    .as(wrong)
                    .contains("Please give a mail address");
        }
        for (int i = 0; i < 4; i++) {
            MultiMap address = MultiMap.caseInsensitiveMultiMap().add("address", "tom" + i + "@traveller.example");
            assertThat(gateway.form(traveller, "notices", address)).isEqualTo(303);
        }
        MultiMap one = MultiMap.caseInsensitiveMultiMap().add("address", "more@traveller.example");
        assertThat(gateway.formPage(traveller, "notices", one)).contains("Enough of these mails were sent");
        assertThat(gateway.form(traveller, "notices/remove", MultiMap.caseInsensitiveMultiMap()))
                .isEqualTo(303);
        assertThat(gateway.page(traveller)).contains("Nobody writes to you from here yet");
    }

    @Test
    void aMessageWhoseGatewayDiedBeforeItsWordToTheDatabaseComesAgainUnderTheSameName() throws Exception {
        Traveller traveller = gateway.order("zh", "Asia/Shanghai");
        gateway.confirm(traveller, "wei@traveller.example", NoticeMailTest::textTo);
        gateway.topUp(traveller);
        await().until(() -> to("wei@traveller.example").size() == 2);
        String subscription = subscription("wei@traveller.example");
        gateway.awaitRows(
                "SELECT state FROM notice WHERE what = 'event' AND subscription_id = " + subscription, "sent");
        gateway.server.execute("UPDATE notice SET state = 'waiting', done_at = NULL, next_at = now()"
                + " WHERE what = 'event' AND subscription_id = " + subscription);
        await().until(() -> to("wei@traveller.example").size() == 3);
        List<MimeMessage> twice = to("wei@traveller.example");
        assertThat(twice.get(2).getMessageID()).isEqualTo(twice.get(1).getMessageID());
        assertThat(subject(twice.get(1))).isEqualTo("已增加 500 MB");
        // Seven hours later it would only puzzle.
        gateway.awaitRows(
                "SELECT state FROM notice WHERE what = 'event' AND subscription_id = " + subscription, "sent");
        gateway.server.execute("UPDATE notice SET state = 'waiting', done_at = NULL, next_at = now(),"
                + " at = now() - interval '7 hours' WHERE what = 'event' AND subscription_id = " + subscription);
        gateway.awaitRows(
                "SELECT state FROM notice WHERE what = 'event' AND subscription_id = " + subscription, "dropped");
        assertThat(to("wei@traveller.example")).hasSize(3);
    }

    @Test
    void anAddressThatWaitedForMoreThanTwoDaysIsNotConfirmedAnyMore() throws Exception {
        Traveller late = gateway.order("en", "UTC");
        MultiMap address = MultiMap.caseInsensitiveMultiMap().add("address", "late@traveller.example");
        assertThat(gateway.form(late, "notices", address)).isEqualTo(303);
        String link = NoticeGateway.confirmLink(textTo("late@traveller.example"));
        gateway.server.execute(
                "UPDATE notice_channel SET set_at = now() - interval '3 days' WHERE " + is(late, "subscription_id"));
        gateway.server.form(link + "/confirm", MultiMap.caseInsensitiveMultiMap());
        assertThat(gateway.server.rows("SELECT state FROM notice_channel WHERE state = 'confirmed' AND "
                        + is(late, "subscription_id")))
                .isEmpty();
        gateway.server.execute("DELETE FROM notice_channel WHERE " + is(late, "subscription_id"));
    }

    /** Whoever names somebody else's address must not have it flooded. */
    @Test
    void anAddressIsAskedAFewTimesADayWhoeverNamesItAndNotAtAllOnceItSaidNo() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(gateway.form(gateway.order("en", "UTC"), "notices", address("victim@elsewhere.example")))
                    .isEqualTo(303);
        }
        assertThat(gateway.formPage(gateway.order("en", "UTC"), "notices", address("victim@elsewhere.example")))
                .contains("Enough of these mails were sent");
        assertThat(gateway.form(gateway.order("en", "UTC"), "notices", address("No@elsewhere.example")))
                .isEqualTo(303);
        await().until(() -> to("No@elsewhere.example").size() == 1);
        MimeMessage asked = to("No@elsewhere.example").getFirst();
        assertThat(textTo("No@elsewhere.example")).as("words of a shop").doesNotContain("France 3 GB");
        Matcher stop = STOP.matcher(asked.getHeader("List-Unsubscribe")[0]);
        assertThat(stop.matches()).isTrue();
        assertThat(gateway.server.form(
                        stop.group(1), MultiMap.caseInsensitiveMultiMap().add("List-Unsubscribe", "One-Click")))
                .isEqualTo(200);
        assertThat(gateway.formPage(gateway.order("en", "UTC"), "notices", address("no@ELSEWHERE.example")))
                .contains("Enough of these mails were sent");
    }

    private static MultiMap address(String address) {
        return MultiMap.caseInsensitiveMultiMap().add("address", address);
    }

    @Test
    void addressesThatAreOfNoUseAnyMoreAreForgotten() throws Exception {
        Traveller waiting = gateway.order("en", "UTC");
        MultiMap address = MultiMap.caseInsensitiveMultiMap().add("address", "old@traveller.example");
        assertThat(gateway.form(waiting, "notices", address)).isEqualTo(303);
        gateway.server.execute(
                "UPDATE notice_channel SET set_at = now() - interval '3 days' WHERE " + is(waiting, "subscription_id"));
        Traveller ended = gateway.order("en", "UTC");
        gateway.confirm(ended, "end@traveller.example", NoticeMailTest::textTo);
        gateway.server.execute("UPDATE account SET ended = true, ends_at = now() - interval '31 days' WHERE "
                + is(ended, "subscription_id"));
        Traveller cancelled = gateway.order("en", "UTC");
        gateway.confirm(cancelled, "can@traveller.example", NoticeMailTest::textTo);
        gateway.server.execute("UPDATE subscription SET cancelled_at = now() WHERE " + is(cancelled, "id"));
        Traveller stays = gateway.order("en", "UTC");
        gateway.confirm(stays, "sam@traveller.example", NoticeMailTest::textTo);
        try (CommandDatabase connected = CommandDatabase.open(gateway.server.settings(), 2)) {
            assertThat(channels(connected).purge().await(20, TimeUnit.SECONDS)).isEqualTo(3);
        }
        for (Traveller gone : List.of(waiting, ended, cancelled)) {
            assertThat(gateway.server.rows("SELECT state FROM notice_channel WHERE " + is(gone, "subscription_id")))
                    .isEmpty();
        }
        assertThat(gateway.server.rows("SELECT state FROM notice_channel WHERE " + is(stays, "subscription_id")))
                .containsExactly("confirmed");
    }

    /** Whoever takes mail.host away must not keep what was sent for ever. */
    @Test
    void messagesOfMoreThanFortyDaysAgoAreForgottenWithoutAMailServer() throws Exception {
        Traveller traveller = gateway.order("en", "UTC");
        gateway.confirm(traveller, "ago@traveller.example", NoticeMailTest::textTo);
        String which = " FROM notice WHERE " + is(traveller, "subscription_id");
        gateway.awaitRows("SELECT state" + which, "sent");
        gateway.topUp(traveller);
        await().until(() -> to("ago@traveller.example").size() == 2);
        gateway.server.execute("UPDATE notice SET at = now() - interval '41 days' WHERE what <> 'event' AND "
                + is(traveller, "subscription_id"));
        try (CommandDatabase connected = CommandDatabase.open(gateway.server.settings(), 2)) {
            channels(connected).purgeMessages().await(20, TimeUnit.SECONDS);
        }
        assertThat(gateway.server.rows("SELECT what" + which)).containsExactly("event");
    }

    /** A mail program shows what a link answers to a person. */
    @Test
    void whatGoesWrongBehindAMailedLinkIsAPageInTheReadersLanguage() throws Exception {
        MultiMap large = MultiMap.caseInsensitiveMultiMap().add("x", "1".repeat(2_000));
        HttpResponse<Buffer> stop = gateway.server.formForPage("/n/abc/stop?lang=fr", large);
        assertThat(stop.statusCode()).isEqualTo(413);
        assertThat(stop.bodyAsString()).contains("<html lang=fr>", "href=\"/n/abc/stop?lang=fr\">Rouvrir le lien<");
        HttpResponse<Buffer> confirm = gateway.server.formForPage("/n/abc/confirm", large);
        assertThat(confirm.bodyAsString()).contains("<html lang=en>", "href=\"/n/abc?lang=en\"");
    }

    private static String is(Traveller traveller, String column) {
        String id = traveller.path().substring(traveller.path().indexOf("sub_"));
        return column + " = " + PublicId.SUBSCRIPTION.parse(id).orElseThrow();
    }

    @Test
    void aResellerGivesAnAddressAndReadsHowFarItIs() throws Exception {
        Traveller traveller = gateway.order("fr", "UTC");
        String path = traveller.path() + "/notices";
        JsonObject none = gateway.server.reseller(HttpMethod.GET, path, null, 200);
        assertThat(none.getString("state")).isEqualTo("none");
        assertThat(none.getJsonArray("kinds")).hasSize(5);
        assertThat(code(path, new JsonObject().put("maxPerDay", 3))).isEqualTo("no_address");
        assertThat(code(path, new JsonObject().putNull("mail").put("maxPerDay", 3)))
                .as("what is chosen without an address is not dropped in silence")
                .isEqualTo("no_address");
        assertThat(code(path, new JsonObject().put("mail", "no address at all")))
                .isEqualTo("invalid_address");

        JsonObject wish = new JsonObject()
                .put("mail", "Zoe@Traveller.example")
                .put("kinds", new JsonArray().add("money"))
                .put("maxPerDay", 3);
        JsonObject asked = gateway.server.reseller(HttpMethod.PUT, path, wish, 200);
        assertThat(asked)
                .isEqualTo(new JsonObject()
                        .put("sends", true)
                        .put("state", "pending")
                        .put("language", "fr")
                        .put("kinds", new JsonArray().add("money"))
                        .put("maxPerDay", 3)
                        .put("mail", "Z***@traveller.example"));
        String link = NoticeGateway.confirmLink(textTo("Zoe@traveller.example"));
        assertThat(gateway.server.form(link + "/confirm", MultiMap.caseInsensitiveMultiMap()))
                .isEqualTo(200);
        assertThat(gateway.server.reseller(HttpMethod.GET, path, null, 200).getString("state"))
                .isEqualTo("confirmed");
        JsonObject more = new JsonObject().put("language", "en");
        assertThat(gateway.server.reseller(HttpMethod.PUT, path, more, 200))
                .contains(Map.entry("state", "confirmed"), Map.entry("maxPerDay", 3));
        gateway.server.reseller(HttpMethod.PUT, path, new JsonObject().putNull("mail"), 200);
        assertThat(gateway.server.reseller(HttpMethod.GET, path, null, 200).getString("state"))
                .isEqualTo("none");
        assertThat(gateway.server.rows("SELECT entry FROM audit WHERE action = 'notices.set'"))
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(entry -> assertThat(entry).doesNotContainIgnoringCase("zoe@"));
    }

    /** Each message brings a new link: to whoever gave the address, and that may be who had the link that was ended. */
    @Test
    void withTheLinksToThePageTheAddressGoes() throws Exception {
        for (String act : List.of("self-care-links", "replace-profile")) {
            Traveller traveller = gateway.order("en", "UTC");
            String address = act + "@traveller.example";
            gateway.confirm(traveller, address, NoticeMailTest::textTo);
            if (act.equals("self-care-links")) {
                gateway.server.reseller(HttpMethod.DELETE, traveller.path() + "/" + act, null, 204);
            } else {
                JsonObject reason = new JsonObject().put("reason", "lost");
                gateway.server.reseller(HttpMethod.POST, traveller.path() + "/" + act, reason, 200);
            }
            assertThat(gateway.server
                            .reseller(HttpMethod.GET, traveller.path() + "/notices", null, 200)
                            .getString("state"))
                    .as(act)
                    .isEqualTo("none");
        }
    }

    @Test
    void severalGatewaysTellEachEventOnce() throws Exception {
        Traveller traveller = gateway.order("en", "UTC");
        gateway.confirm(traveller, "max@traveller.example", NoticeMailTest::textTo);
        try (CommandDatabase one = CommandDatabase.open(gateway.server.settings(), 4);
                CommandDatabase two = CommandDatabase.open(gateway.server.settings(), 4)) {
            Notices first = beside(one);
            Notices second = beside(two);
            first.start();
            second.start();
            for (int i = 0; i < 8; i++) {
                gateway.topUp(traveller);
            }
            await().until(() -> to("max@traveller.example").size() >= 9);
            gateway.awaitRows("SELECT count(*) FROM notice WHERE state = 'waiting'", "0");
            first.stop().await(20, TimeUnit.SECONDS);
            second.stop().await(20, TimeUnit.SECONDS);
        }
        assertThat(to("max@traveller.example")).hasSize(9);
        assertThat(to("max@traveller.example").stream().map(NoticeMailTest::id).distinct())
                .hasSize(9);
    }

    /** What another gateway on the same database and keys would send with. */
    private static Notices beside(CommandDatabase connected) throws IOException {
        Settings settings = gateway.server.settings();
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        Keyring keyring = CommandKeys.open(settings, connected, random, clock);
        Ids ids = new Ids(clock, random);
        return new Notices(new Notices.Parts(
                connected.vertx(),
                connected.database(),
                channels(connected),
                new SelfCareLinks(
                        connected.database(),
                        new BlindIndex(keyring),
                        ids,
                        keyring.derive("self-care link"),
                        clock,
                        Duration.ofDays(60)),
                new AccountReader(connected.database(), clock),
                settings.mail().orElseThrow(),
                settings.publicAddress(),
                clock,
                random,
                1,
                new SimpleMeterRegistry()));
    }

    private static Channels channels(CommandDatabase connected) throws IOException {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        Keyring keyring = CommandKeys.open(gateway.server.settings(), connected, random, clock);
        return new Channels(
                connected.database(),
                new Sealer(keyring, random, clock),
                new BlindIndex(keyring),
                keyring.derive("notice links"),
                new Ids(clock, random),
                clock,
                true);
    }

    private static String code(String path, JsonObject body) throws Exception {
        return gateway.server.reseller(HttpMethod.PUT, path, body, 422).getString("code");
    }

    private static String id(MimeMessage message) {
        try {
            return message.getMessageID();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String subscription(String address) throws Exception {
        return gateway.server
                .rows("SELECT subscription_id FROM notice_channel ORDER BY set_at DESC LIMIT 1")
                .getFirst();
    }

    private static List<String> states(String address) throws Exception {
        return gateway.server.rows("SELECT state FROM notice_channel ORDER BY set_at DESC LIMIT 1");
    }

    private static String textTo(String address) {
        return text(only(address));
    }

    private static MimeMessage only(String address) {
        await().until(() -> to(address).size() == 1);
        return to(address).getFirst();
    }

    private static List<MimeMessage> to(String address) {
        return Arrays.stream(mail.getReceivedMessages())
                .filter(each -> address.equals(recipient(each)))
                .toList();
    }

    private static String recipient(MimeMessage message) {
        try {
            return message.getRecipients(Message.RecipientType.TO)[0].toString();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String subject(MimeMessage message) {
        try {
            return message.getSubject();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(MimeMessage message) {
        try {
            return (String) message.getContent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
