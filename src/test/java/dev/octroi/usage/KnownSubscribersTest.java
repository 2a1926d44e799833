package dev.octroi.usage;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.RestrictionLogJob;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountLink;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a gateway remembers of the accounts behind subscribers, on a real database that announces what moves. */
class KnownSubscribersTest {
    private static final Subscriber SIM = Subscriber.of(IdentifierKind.IMSI, hash(1));
    private static final Subscriber CARD = Subscriber.of(IdentifierKind.ICCID, hash(2));

    private QuotaFixture fixture;
    private KnownSubscribers known;
    private SubscriberAccounts accounts;
    private AccountKey first;
    private AccountKey second;

    @BeforeEach
    void open() {
        fixture = new QuotaFixture();
        known = new KnownSubscribers(fixture.database);
        accounts = new SubscriberAccounts(fixture.database, Optional.of(known));
        first = fixture.open(AccountFixture.france());
        second = fixture.open(AccountFixture.france());
        link(first);
        rememberFirst();
    }

    @AfterEach
    void close() {
        known.close();
        fixture.close();
    }

    @Test
    void whoWasFoundIsRemembered() {
        assertThat(remembered(SIM)).isEqualTo(first);
        assertThat(find()).containsEntry(SIM, first).containsEntry(CARD, first);
    }

    @Test
    void aSimThatMovesIsForgotten() {
        link(second);
        await().until(() -> remembered(SIM) == null);
        assertThat(find()).containsEntry(SIM, second).containsEntry(CARD, second);
    }

    @Test
    void aSimThatIsLostIsForgotten() {
        await(fixture.database.inWorker(
                connection -> new AccountLinkStore().unlink(connection, first, SIM.hash(), CARD.hash())));
        await().until(() -> remembered(SIM) == null && remembered(CARD) == null);
        assertThat(find()).isEmpty();
    }

    @Test
    void useOfTheTimeBeforeTheLinkThatIsRememberedGoesToTheAccountBefore() {
        link(second);
        await().untilAsserted(() -> {
            find();
            assertThat(remembered(SIM)).isEqualTo(second);
        });
        assertThat(await(accounts.ofRecords(
                        List.of(usage(fixture.now.get()), usage(Instant.now().plusSeconds(60))))))
                .containsExactly(first, second);
    }

    @Test
    void linksThatEndedLongAgoAreForgotten() {
        link(second);
        RestrictionLogJob job = new RestrictionLogJob(fixture.vertx, fixture.database, fixture.clock, now -> true);
        fixture.now.set(Instant.now().plus(Duration.ofDays(399)));
        assertThat(await(job.forget())).isZero();
        fixture.now.set(Instant.now().plus(Duration.ofDays(401)));
        assertThat(await(job.forget())).as("of SIM and card").isEqualTo(2);
    }

    private static Reported usage(Instant end) {
        return new Reported.Usage(SIM, AccountFixture.record("r" + end, 1, end));
    }

    @Test
    void nothingIsRememberedWhileAnnouncementsCannotBeHeardAndAllIsAskedAnewAfterwards() {
        TestDatabase.execute(fixture.config, """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND usename = 'octroi_worker'
                  AND (query LIKE 'LISTEN%' OR query LIKE 'SELECT 1%')
                """);
        await().until(() -> remembered(SIM) == null);
        link(second);
        await().untilAsserted(() -> {
            assertThat(find()).containsEntry(SIM, second);
            assertThat(remembered(SIM)).isEqualTo(second);
        });
    }

    @Test
    void whatTheDatabaseSaidBeforeAnAnnouncementIsNotRememberedAfterIt() {
        long asked = known.epoch();
        known.heard("IMSI:" + SIM.hashHex());
        known.remember(Map.of(SIM, new AccountLink(first, fixture.now.get())), asked);
        assertThat(remembered(SIM)).isNull();
    }

    private void rememberFirst() {
        await().untilAsserted(() -> {
            find();
            assertThat(remembered(SIM)).isEqualTo(first);
        });
    }

    private @Nullable AccountKey remembered(Subscriber subscriber) {
        AccountLink link = known.link(subscriber);
        return link == null ? null : link.account();
    }

    private Map<Subscriber, AccountKey> find() {
        Instant now = fixture.now.get();
        Map<Subscriber, AccountKey> found = new HashMap<>();
        await(accounts.find(List.of(
                        new Reported.Location(SIM, "208-01", null, null, null, now),
                        new Reported.Location(CARD, "208-01", null, null, null, now))))
                .forEach((subscriber, link) -> found.put(subscriber, link.account()));
        return found;
    }

    private void link(AccountKey account) {
        await(fixture.database.inWorker(
                connection -> new AccountLinkStore().link(connection, account, SIM.hash(), CARD.hash())));
    }

    private static byte[] hash(int fill) {
        byte[] hash = new byte[16];
        Arrays.fill(hash, (byte) fill);
        return hash;
    }
}
