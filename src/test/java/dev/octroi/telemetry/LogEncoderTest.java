package dev.octroi.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a log line consists of, and that all of it has passed the last net. */
class LogEncoderTest {
    private static final String ICCID = "8933150319000000018";
    private static final String REDACTED = "[redacted]";

    private final LoggerContext context = new LoggerContext();
    private final Logger log = context.getLogger("dev.octroi.test");

    @Test
    void numbersOfPeopleAreBlackenedInMessageArgumentsPairsAndTheCausesOfErrors() {
        IllegalStateException error =
                new IllegalStateException("profile " + ICCID, new IllegalArgumentException("of card " + ICCID));
        error.setStackTrace(new StackTraceElement[0]);
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.setContext(context);
        heard.start();
        log.addAppender(heard);
        log.atWarn().addKeyValue("iccid", ICCID).setCause(error).log("download of " + ICCID + " and {}", ICCID);
        JsonObject line = encoded(heard.list.getFirst());
        assertThat(line.encode()).doesNotContain(ICCID.substring(4, 16));
        assertThat(line.getString("msg")).isEqualTo("download of " + REDACTED + " and " + REDACTED);
        assertThat(line.getString("iccid")).isEqualTo(REDACTED);
        assertThat(line.getString("error")).contains("profile " + REDACTED, "of card " + REDACTED);
    }

    @Test
    void aLineIsOneObjectWithTimeLevelLoggerAndThread() {
        LoggingEvent event = new LoggingEvent(getClass().getName(), log, Level.INFO, "two\nlines", null, null);
        event.setTimeStamp(0);
        event.setThreadName("loop-1");
        assertThat(new String(new LogEncoder().encode(event), StandardCharsets.UTF_8))
                .isEqualTo("{\"ts\":\"1970-01-01T00:00:00Z\",\"level\":\"INFO\",\"logger\":\"dev.octroi.test\","
                        + "\"thread\":\"loop-1\",\"msg\":\"two\\nlines\"}\n");
    }

    private static JsonObject encoded(ILoggingEvent event) {
        return new JsonObject(new String(new LogEncoder().encode(event), StandardCharsets.UTF_8));
    }
}
