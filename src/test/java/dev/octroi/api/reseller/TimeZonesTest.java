package dev.octroi.api.reseller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.http.ProblemException;
import dev.octroi.quota.account.Windows;
import dev.octroi.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time zones that an order or a change may name. */
class TimeZonesTest {
    @ParameterizedTest
    @ValueSource(strings = {"UTC+2", "GMT+2", "UT-3", "GMT+25", "Z", "Mars/Olympus", "CET", "europe/paris", "CEST"})
    void offsetsAndWhatIsNoPlaceAreRefused(String id) {
        assertThatThrownBy(() -> TimeZones.read(id))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo("unknown_time_zone"));
    }

    @Test
    void databaseBeginsTheDaysOfEachZoneWhereTheGatewayDoes() throws Exception {
        List<String> apart = new ArrayList<>();
        try (Connection connection = TestDatabase.connect(TestDatabase.create());
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT extract(epoch FROM date_trunc('day', to_timestamp(?), ?))::bigint")) {
            for (String id : ZoneId.getAvailableZoneIds()) {
                for (String at : List.of("2026-01-05T12:00:00Z", "2026-07-05T12:00:00Z")) {
                    Optional<ZoneId> zone = read(id);
                    if (zone.isPresent() && dayStart(statement, at, id) != dayStart(at, zone.get())) {
                        apart.add(id + " " + at);
                    }
                }
            }
        }
        assertThat(apart).isEmpty();
        assertThat(ZoneId.getAvailableZoneIds().stream().filter(id -> read(id).isEmpty()))
                .as("all others may be named")
                .containsExactlyInAnyOrder("CET", "EET", "MET", "WET");
    }

    private static Optional<ZoneId> read(String id) {
        try {
            return Optional.of(TimeZones.read(id));
        } catch (ProblemException refused) {
            return Optional.empty();
        }
    }

    private static long dayStart(PreparedStatement statement, String at, String id) throws SQLException {
        statement.setLong(1, Instant.parse(at).getEpochSecond());
        statement.setString(2, id);
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static long dayStart(String at, ZoneId zone) {
        return Windows.dayStart(Instant.parse(at), zone).getEpochSecond();
    }
}
