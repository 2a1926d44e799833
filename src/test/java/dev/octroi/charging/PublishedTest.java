package dev.octroi.charging;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** That messages are held against what 3GPP publishes; skipped, and so seen, where that does not lie beside the project. */
class PublishedTest {
    @Test
    void aMessageThatThePublishedContractDoesNotKnowIsNoticed() {
        assumeTrue(Published.isThere(), "the contracts of 3GPP are not beside the project");
        JsonObject answer = new JsonObject()
                .put("invocationTimeStamp", "2026-11-30T10:00:00Z")
                .put("invocationSequenceNumber", 1);
        Published.check("TS32291_Nchf_ConvergedCharging.yaml", "ChargingDataResponse", answer);
        assertThatThrownBy(() -> Published.check(
                        "TS32291_Nchf_ConvergedCharging.yaml",
                        "ChargingDataResponse",
                        answer.copy().put("invocationSequenceNumber", "one")))
                .isInstanceOf(AssertionError.class);
        JsonObject without = answer.copy();
        without.remove("invocationTimeStamp");
        assertThatThrownBy(
                        () -> Published.check("TS32291_Nchf_ConvergedCharging.yaml", "ChargingDataResponse", without))
                .isInstanceOf(AssertionError.class);
    }
}
