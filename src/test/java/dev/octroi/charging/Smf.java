package dev.octroi.charging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.quota.QuotaFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** An SMF as a test drives it: everything it sends and gets is held against the published contract. */
final class Smf {
    static final String CONTRACT = "TS32291_Nchf_ConvergedCharging.yaml";
    static final String BASE = "/nchf-convergedcharging/v3/chargingdata";

    private final HttpClient client;
    private final QuotaFixture fixture;

    Smf(HttpClient client, QuotaFixture fixture) {
        this.client = client;
        this.fixture = fixture;
    }

    record Got(int status, JsonObject body, String location) {
        JsonObject group(int place) {
            return body.getJsonArray("multipleUnitInformation").getJsonObject(place);
        }

        long granted(int place) {
            return group(place).getJsonObject("grantedUnit", new JsonObject()).getLong("totalVolume", 0L);
        }

        String ref() {
            return location.substring(location.lastIndexOf('/') + 1);
        }
    }

    JsonObject message(long sequence) {
        return new JsonObject()
                .put("nfConsumerIdentification", new JsonObject().put("nodeFunctionality", "SMF"))
                .put("invocationTimeStamp", fixture.now.get().toString())
                .put("invocationSequenceNumber", sequence);
    }

    JsonObject creation(String imsi, long chargingId, JsonObject... usages) {
        return message(1)
                .put("subscriberIdentifier", "imsi-" + imsi)
                .put("notifyUri", "https://127.0.0.1:9/notify/" + chargingId)
                .put(
                        "pDUSessionChargingInformation",
                        place("208", "01", "007501").put("chargingId", chargingId))
                .put("multipleUnitUsage", array(usages));
    }

    JsonObject update(long sequence, JsonObject... usages) {
        return message(sequence).put("multipleUnitUsage", array(usages));
    }

    static JsonObject place(String mcc, String mnc, String tac) {
        JsonObject plmn = new JsonObject().put("mcc", mcc).put("mnc", mnc);
        return new JsonObject()
                .put(
                        "userLocationinfo",
                        new JsonObject()
                                .put(
                                        "nrLocation",
                                        new JsonObject()
                                                .put(
                                                        "tai",
                                                        new JsonObject()
                                                                .put("plmnId", plmn)
                                                                .put("tac", tac))
                                                .put(
                                                        "ncgi",
                                                        new JsonObject()
                                                                .put("plmnId", plmn)
                                                                .put("nrCellId", "000000001"))))
                .put(
                        "pduSessionInformation",
                        new JsonObject()
                                .put("pduSessionID", 5)
                                .put("dnnId", "internet")
                                .put("ratType", "NR"));
    }

    static JsonObject asking(long group) {
        return new JsonObject().put("ratingGroup", group).put("requestedUnit", new JsonObject());
    }

    JsonObject used(long group, long local, long up, long down) {
        return new JsonObject()
                .put("ratingGroup", group)
                .put(
                        "usedUnitContainer",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("localSequenceNumber", local)
                                        .put(
                                                "triggerTimestamp",
                                                fixture.now.get().toString())
                                        .put("uplinkVolume", up)
                                        .put("downlinkVolume", down)
                                        .put("totalVolume", up + down)));
    }

    Got create(int port, JsonObject body) {
        return checked(port, BASE, body);
    }

    Got update(int port, String ref, JsonObject body) {
        return checked(port, BASE + "/" + ref + "/update", body);
    }

    Got release(int port, String ref, JsonObject body) {
        return checked(port, BASE + "/" + ref + "/release", body);
    }

    private Got checked(int port, String path, JsonObject body) {
        Published.check(CONTRACT, "ChargingDataRequest", body);
        Got got = send(port, path, body.encode());
        if (got.status() == 200 || got.status() == 201) {
            Published.check(CONTRACT, "ChargingDataResponse", got.body());
        }
        return got;
    }

    /** Sends anything; refusals are held against the contract too. */
    Got send(int port, String path, String body) {
        return call(port, "POST", path, body);
    }

    Got call(int port, String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            JsonObject json = answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
            if (answer.statusCode() >= 400) {
                assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
                Published.check("TS29571_CommonData.yaml", "ProblemDetails", json);
            }
            return new Got(
                    answer.statusCode(),
                    json,
                    answer.headers().firstValue("Location").orElse(""));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static JsonArray array(JsonObject... members) {
        JsonArray array = new JsonArray();
        for (JsonObject each : members) {
            array.add(each);
        }
        return array;
    }
}
