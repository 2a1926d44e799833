package dev.octroi.api.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.rsp.euicc.ActivationCode;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.testing.ClearText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a whole download leaves in the database and in the log, and what one leaves that is under way. */
class NothingInClearTest {
    @Test
    void downloadLeavesNoIdentifierInDatabaseOrLog(@TempDir Path folder) throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger ours = (Logger) LoggerFactory.getLogger("dev.octroi");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Level before = ours.getLevel();
        ours.setLevel(Level.DEBUG);
        root.addAppender(log);
        Map<String, String> identifiers = new LinkedHashMap<>();
        try (DeviceServer server = DeviceServer.start(folder, GsmaCurve.P256)) {
            DeviceServer.Ordered whole = server.order("48151623", null, null);
            VirtualEuicc card = server.card();
            identifiers.put("EID", card.eid());
            identifiers.put("IMSI", whole.profile().imsi().reveal());
            identifiers.put("matching id", whole.profile().matchingId().reveal());
            identifiers.put("confirmation code", "48151623");
            try (Lpa lpa = server.device(card)) {
                String iccid = lpa.download(ActivationCode.parse(whole.activationCode()), () -> Optional.of("48151623"))
                        .iccid();
                identifiers.put("ICCID", iccid);
                lpa.enable(iccid);
            }
            DeviceServer.Ordered broken = server.order();
            VirtualEuicc other = server.card();
            identifiers.put("EID under way", other.eid());
            identifiers.put(
                    "matching id under way", broken.profile().matchingId().reveal());
            identifiers.put("ICCID under way", broken.profile().iccid().reveal());
            try (Lpa lpa = server.device(other)) {
                Lpa breaking = lpa.observedBy(step -> {
                    if (step.equals("LoadBoundProfilePackage")) {
                        throw new IllegalStateException("the phone lost its power");
                    }
                });
                assertThatIllegalStateException().isThrownBy(() -> breaking.download(broken.activationCode()));
            }
            assertThat(ClearText.rows(server.config())).isGreaterThan(5);
            assertThat(ClearText.find(server.config(), identifiers)).isEmpty();
        } finally {
            root.detachAppender(log);
            ours.setLevel(before);
        }
        List<String> lines = log.list.stream()
                .map(event -> event.getFormattedMessage() + " " + event.getKeyValuePairs() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : event.getThrowableProxy().getMessage()))
                .toList();
        identifiers.forEach((kind, value) -> assertThat(lines).as(kind).noneMatch(line -> line.contains(value)));
    }
}
