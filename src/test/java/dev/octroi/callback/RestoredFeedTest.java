package dev.octroi.callback;

import static dev.octroi.callback.CallbackFixture.TENANT;
import static dev.octroi.callback.CallbackFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventFeed;
import dev.octroi.db.Migrations;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The feed after a dump was restored into a cluster that counts its transactions from the beginning. */
class RestoredFeedTest {
    @TempDir
    static Path folder;

    private CallbackFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new CallbackFixture(folder);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void whatHappensAfterARestoreIsShownBehindWhatHappenedBefore() throws Exception {
        long subscription = fixture.ids.next();
        for (String type : List.of("zone.entered", "zone.left", "zone.breached")) {
            fixture.raise(subscription, type, new JsonObject());
        }
        List<Event> before = page(OptionalLong.empty());
        assertThat(before).extracting(Event::type).containsExactly("zone.entered", "zone.left", "zone.breached");
        TestDatabase.execute(fixture.config, "UPDATE event SET txid = txid + 1000000000000");

        Migrations.apply(fixture.config);
        fixture.raise(subscription, "rule.applied", new JsonObject());
        assertThat(page(OptionalLong.of(before.get(1).id())))
                .extracting(Event::type)
                .containsExactly("zone.breached", "rule.applied");
        assertThat(page(OptionalLong.empty()))
                .extracting(Event::type)
                .containsExactly("zone.entered", "zone.left", "zone.breached", "rule.applied");

        Migrations.apply(fixture.config);
        assertThat(page(OptionalLong.empty())).as("once").hasSize(4);
    }

    private List<Event> page(OptionalLong after) {
        return await(new EventFeed(fixture.database).page(TENANT, after, OptionalLong.empty(), 100))
                .orElseThrow();
    }
}
