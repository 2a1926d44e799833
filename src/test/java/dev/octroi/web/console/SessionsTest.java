package dev.octroi.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.Principal;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    private Instant now = START;
    private final Sessions sessions = new Sessions(() -> now, new SecureRandom());

    @Test
    void oldestGivesWayWhenThereAreTooMany() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i <= Sessions.MAX_SESSIONS; i++) {
            ids.add(sessions.open(until(START.plusSeconds(600))));
        }
        assertThat(sessions.find(ids.getFirst())).isEmpty();
        assertThat(sessions.find(ids.get(1))).isPresent();
        assertThat(sessions.find(ids.getLast())).isPresent();
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void endedSessionsGiveWayFirst() {
        String lasting = sessions.open(until(START.plusSeconds(600)));
        for (int i = 1; i < Sessions.MAX_SESSIONS; i++) {
            sessions.open(until(START.plusSeconds(60)));
        }
        now = START.plusSeconds(120);
        sessions.open(until(START.plusSeconds(600)));
        assertThat(sessions.find(lasting)).isPresent();
    }

    @Test
    void closedSessionIsGone() {
        String id = sessions.open(until(START.plusSeconds(600)));
        sessions.close(id);
        assertThat(sessions.find(id)).isEmpty();
    }

    private static Principal until(Instant end) {
        return new Principal(1, "ada", Set.of(), "jti", Set.of(), OptionalLong.empty(), end);
    }
}
