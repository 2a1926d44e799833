package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionMarkStoreTest {
    private static final Duration KEPT = Duration.ofDays(400);
    private static QuotaFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new QuotaFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @BeforeEach
    void empty() {
        TestDatabase.execute(fixture.config, "DELETE FROM account_session");
    }

    @Test
    void marksThatAreOldGoPageByPageAndYoungOnesStay() throws Exception {
        Instant before = fixture.now.get().minus(KEPT);
        List<String> young = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            boolean old = i % 2 == 0;
            String session = "s" + i;
            insert(i % 3, i, session, before.plusSeconds(old ? -1 : 0));
            if (!old) {
                young.add(session);
            }
        }
        SessionMarkStore store = new SessionMarkStore();
        SessionMarkStore.Place place = SessionMarkStore.START;
        int removed = 0;
        int pages = 0;
        do {
            SessionMarkStore.Place from = place;
            SessionMarkStore.Page page =
                    await(fixture.database.inWorker(connection -> store.forget(connection, from, before, 3)));
            removed += page.removed();
            place = page.next();
            pages++;
        } while (!place.equals(SessionMarkStore.START));

        assertThat(removed).isEqualTo(4);
        assertThat(pages).isEqualTo(3);
        assertThat(sessions()).containsExactlyElementsOf(young);
    }

    @Test
    void theJobForgetsThemAndBeginsAnewAtTheEnd() throws Exception {
        Instant now = fixture.now.get();
        try (RestrictionLogJob job =
                new RestrictionLogJob(fixture.vertx, fixture.database, fixture.clock, at -> true)) {
            insert(1, 1, "old", now.minus(KEPT).minusSeconds(1));
            insert(2, 1, "young", now.minus(KEPT));
            assertThat(await(job.forget())).isEqualTo(1);
            insert(1, 1, "old", now.minus(KEPT).minusSeconds(1));
            assertThat(await(job.forget())).isEqualTo(1);
            assertThat(sessions()).containsExactly("young");
        }
    }

    private static void insert(int vshard, long account, String session, Instant last) {
        TestDatabase.execute(
                fixture.config,
                "INSERT INTO account_session (vshard, tenant_id, account_id, session, up_bytes, down_bytes, last_event_at)"
                        + " VALUES (" + vshard + ", 1, " + account + ", '" + session + "', 1, 1, '" + last + "')");
    }

    private static List<String> sessions() throws Exception {
        return TestDatabase.rows(fixture.config, "SELECT session FROM account_session ORDER BY session");
    }
}
