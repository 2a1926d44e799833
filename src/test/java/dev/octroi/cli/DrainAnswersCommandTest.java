package dev.octroi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.DatabaseConfig;
import dev.octroi.drain.AnswersCsv;
import dev.octroi.testing.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DrainAnswersCommandTest {
    private static final int QUANTITIES = AnswersCsv.header().split(",", -1).length - 2;

    @TempDir
    private Path data;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void answersAreWrittenWithWhatWasMeasuredAndNothingElse() {
        DatabaseConfig config = TestDatabase.create();
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('one', 'One')");
        alarm(config, 771_001, "true", quantities(QUANTITIES, "1.5"));
        alarm(config, 771_002, "false", quantities(QUANTITIES, "-2"));
        alarm(config, 771_003, "NULL", quantities(QUANTITIES, "3"));
        alarm(config, 771_004, "true", quantities(QUANTITIES - 1, "4"));
        alarm(config, 771_005, "true", "{}");
        alarm(config, 771_006, "true", "support:ada", quantities(QUANTITIES, "5"));
        assertThat(run(config)).as(err::toString).isZero();
        assertThat(out.toString().lines())
                .containsExactlyInAnyOrder(
                        AnswersCsv.header(),
                        "meant,night" + ",1.5".repeat(QUANTITIES),
                        "drain,night" + ",-2.0".repeat(QUANTITIES));
        assertThat(err.toString()).contains("2 answers, 1 left out: measured by another version");
        assertThat(run(config, "--limit=0")).isEqualTo(2);
    }

    private static String quantities(int count, String value) {
        return "{\"quantities\": " + Collections.nCopies(count, value) + "}";
    }

    private static void alarm(DatabaseConfig config, long id, String meant, String recent) {
        alarm(config, id, meant, "traveller", recent);
    }

    private static void alarm(DatabaseConfig config, long id, String meant, String answeredBy, String recent) {
        TestDatabase.execute(config, """
                INSERT INTO alarm (tenant_id, vshard, id, subscription_id, incident, kind, category, zone, since,
                                   expected_low_bytes, expected_high_bytes, observed_bytes, at_stake_bytes, reasons, recent,
                                   score, confidence, state, opened_at, updated_at, meant,
                                   answered_by)
                VALUES (1, 1, %d, %d, 1, 'night', 'cloud', 'FR', now(), 0, 1, 2, 2, '[]', '%s', 1.1, 0.9, 'open', now(),
                        now(), %s, '%s')
                """.formatted(id, id, recent, meant, answeredBy));
    }

    private int run(DatabaseConfig config, String... more) {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "drain",
                "answers",
                "--set=data.dir=" + data,
                "--set=database.url=postgresql://" + config.host() + ":" + config.port() + "/" + config.database(),
                "--set=database.user=" + config.ownerUser(),
                "--set=database.password=" + config.ownerPassword()));
        arguments.addAll(List.of(more));
        return new CommandLine(new OctroiCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }
}
