package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rows that migrations change after the tables had theirs, migrated by an owner who is no superuser. */
class LateMigrationsTest {
    @Test
    void aProfileThatAPlanSoldIsNoOperatorsAnyMore() throws Exception {
        EarlierDatabase database = new EarlierDatabase(100);
        database.execute(
                "SET session_replication_role = replica",
                """
                INSERT INTO profile (tenant_id, vshard, id, profile_type, provider_name, profile_name, iccid_sealed, iccid_idx,
                                     state, created_at, updated_at, operator_id, download_limit,
                                     confirmation_limit)
                VALUES (1, 1, 257, 't', 'p', 'n', '\\x00', decode(md5('1'), 'hex'), 'released', now(), now(), 9, 10, 10),
                       (1, 1, 513, 't', 'p', 'n', '\\x00', decode(md5('2'), 'hex'), 'released', now(), now(), 9, 10, 10)
                """,
                "INSERT INTO subscription VALUES (1, 1, 257, 1, 1, 1, 257, 257, 'Europe/Paris', 'fr', now())");
        database.migrate();
        assertThat(database.rows("SELECT operator_id FROM profile ORDER BY id")).containsExactly("0", "9");
        assertIsForcedOn(database, "profile");
        assertIsForcedOn(database, "subscription");
    }

    @Test
    void endsOfPromisesLeaveTheMemoryThatAGatewayOfBeforeReads() throws Exception {
        EarlierDatabase database = new EarlierDatabase(133);
        database.execute("SET session_replication_role = replica", """
                INSERT INTO charging_session (vshard, tenant_id, account_id, number, partner_id, open, promised_bytes,
                                              grants_until, touched_at, waiting, notices, memory)
                SELECT 1, 1, 257, number, 9, true, 5, now(), now(), false, 0, translate(memory, ',;', E'\\x1f\\n')
                FROM (VALUES (257, '1,500/1764592200,2-a/7,800;208-01,FR;-1;u/2,1795860000123456'),
                             (513, '1,500;;-1;u/2,1795860000123456')) AS s (number, memory)
                """);
        database.migrate();
        assertThat(database.rows("SELECT translate(memory, E'\\x1f\\n', ',;') FROM charging_session ORDER BY number"))
                .containsExactly("1,500,2-a/7,800;208-01,FR;-1;u/2,1795860000123456", "1,500;;-1;u/2,1795860000123456");
        assertIsForcedOn(database, "charging_session");
    }

    @Test
    void ordersWhoseNumberIsStillToBeGivenBackAreFailed() throws Exception {
        EarlierDatabase database = new EarlierDatabase(137);
        database.execute("SET session_replication_role = replica", """
                INSERT INTO profile_order (tenant_id, vshard, profile_id, profile_type, profile_name, matching_sealed, next_at,
                                           created_at, state)
                SELECT 1, 1, id, 't', 'n', '\\x00', now(), now(), state
                FROM (VALUES (257, 'returning'), (513, 'failed'), (769, 'ready')) AS o (id, state)
                """);
        database.migrate();
        assertThat(database.rows("SELECT state || ' ' || give_back FROM profile_order ORDER BY profile_id"))
                .containsExactly("failed true", "failed false", "ready false");
        assertIsForcedOn(database, "profile_order");
    }

    private static void assertIsForcedOn(EarlierDatabase database, String table) throws Exception {
        assertThat(database.rows(
                        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relname = '"
                                + table + "'"))
                .containsExactly(table);
    }
}
